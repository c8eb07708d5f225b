"""Keep a planner's what-ifs: what was asked, the digest of everything the answer came from, the answer, who adopted it.

A plan changes nothing live. Its id cannot be guessed and is its address, so a plan can be shown to others.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant

PLANS: Final = sa.Table(
    "plans",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("owner", sa.String(100), nullable=False, index=True),
    sa.Column("inputs", sa.JSON, nullable=False),
    sa.Column("job", sa.String(32), sa.ForeignKey("jobs.id"), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
    sa.Column("adopted_at", Instant),
    sa.Column("adopted_by", sa.String(100), nullable=False),
    sa.Column("closures", sa.JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One what-if.

    Attributes
    ----------
    inputs
        What was asked, JSON-ready.
    job
        Id of the job that answers it.
    digest
        Of inputs, roads, and closures that the answer came from; "" before there is one.
    result
        The answer, empty before there is one.
    closures
        Ids of the closures requested when it was adopted.
    """

    id: str
    name: str
    owner: str
    inputs: Mapping[str, Any]
    job: str
    digest: str
    result: Mapping[str, Any]
    created_at: datetime
    answered_at: datetime | None
    adopted_at: datetime | None
    adopted_by: str
    closures: Sequence[str]


def digest_of(inputs: Mapping[str, Any], *, network_digest: str, closure_set_version: int) -> str:
    """Return the digest of everything that an answer depends on: the same digest means the same answer."""
    told = {"inputs": dict(inputs), "network": network_digest, "closures": closure_set_version}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def new_plan_id() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_hex(8)


def add_plan(connection: sa.Connection, plan: Plan) -> None:
    """Keep a plan that is about to be answered."""
    connection.execute(sa.insert(PLANS).values({one.name: getattr(plan, one.name) for one in fields(Plan)}))


def read_plan(connection: sa.Connection, plan_id: str) -> Plan:
    """Return a plan.

    Raises
    ------
    BadInputError
        `plan-unknown`.
    """
    row = connection.execute(sa.select(PLANS).where(PLANS.c.id == plan_id)).first()
    if row is None:
        raise BadInputError("plan-unknown", plan_id, id=plan_id)
    return Plan(**row._mapping)


def list_plans(connection: sa.Connection, *, most: int = 50) -> tuple[Plan, ...]:
    """Return the newest plans first."""
    query = sa.select(PLANS).order_by(PLANS.c.created_at.desc(), PLANS.c.id).limit(most)
    return tuple(Plan(**row._mapping) for row in connection.execute(query))


def keep_answer(
    connection: sa.Connection, plan_id: str, result: Mapping[str, Any], *, digest: str, at: datetime
) -> None:
    """Keep a plan's answer; the first one stands."""
    waiting = (PLANS.c.id == plan_id) & PLANS.c.answered_at.is_(None)
    connection.execute(sa.update(PLANS).where(waiting).values(result=dict(result), digest=digest, answered_at=at))


def mark_adopted(connection: sa.Connection, plan_id: str, closures: Sequence[str], *, by: str, at: datetime) -> None:
    """Write down that a plan was handed in as requests.

    Raises
    ------
    BadInputError
        `plan-adopted-already`: somebody was faster.
    """
    open_plan = (PLANS.c.id == plan_id) & PLANS.c.adopted_at.is_(None)
    values = {"adopted_at": at, "adopted_by": by, "closures": list(closures)}
    if connection.execute(sa.update(PLANS).where(open_plan).values(values)).rowcount != 1:
        raise BadInputError("plan-adopted-already", plan_id, id=plan_id)
