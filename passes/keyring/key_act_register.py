"""Keep what two people do with the keys: one proposes, another confirms; every step is a record of the log (K14)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.ledger.register import Leaf, append_records, table_leaves
from geodata.store import METADATA, Instant

KEY_STEPS: Final = sa.Table(
    "key_steps",
    METADATA,
    sa.Column("subject", sa.String(100), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("act", sa.String(16), nullable=False),
    sa.Column("parameters", sa.Text, nullable=False),
    sa.Column("account", sa.String(100), nullable=False),
    sa.Column("taken_at", Instant, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
)
KIND: Final = "key-step"
PROPOSED: Final = "proposed"
CONFIRMED: Final = "confirmed"
REFUSED: Final = "refused"
#: Done by one alone, where the county has no second person who could confirm.
ALONE: Final = "alone"


@dataclass(frozen=True, slots=True)
class KeyStep:
    """What one person did, and when."""

    step: str
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeyAct:
    """Something that is done with the keys.

    Attributes
    ----------
    act
        "rotate", "withdraw", "root" or "firm".
    about
        What it is done to: the name (kid) of the key that is withdrawn, the fingerprint of the root that is to come, or
        the id of the firm; "" where the signing key is rotated.
    parameters
        `reason`, and the `name` of the firm.
    """

    id: str
    act: str
    about: str = ""
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    steps: tuple[KeyStep, ...] = ()

    @property
    def proposed_by(self) -> str:
        """Who proposed it."""
        return self.steps[0].account

    @property
    def is_open(self) -> bool:
        """Whether nobody has confirmed or refused it yet."""
        return self.steps[-1].step == PROPOSED


def new_act(act: str, about: str = "", **parameters: str) -> KeyAct:
    """Return an act that nobody has proposed yet."""
    return KeyAct(secrets.token_hex(4), act, about, MappingProxyType(parameters))


def take_key_step(connection: sa.Connection, act: KeyAct, step: KeyStep) -> None:
    """Record a step of an act."""
    row = {
        "subject": act.id,
        "number": len(act.steps),
        "step": step.step,
        "act": act.act,
        "parameters": json.dumps({"about": act.about, **act.parameters}, ensure_ascii=False, sort_keys=True),
        "account": step.account,
        "taken_at": step.at,
    }
    append_records(connection, KIND, KEY_STEPS, [row], at=step.at)


def find_act(connection: sa.Connection, act_id: str) -> KeyAct:
    """Return an act.

    Raises
    ------
    BadInputError
        `key-act-unknown`.
    """
    found = [one for one in list_acts(connection) if one.id == act_id]
    if not found:
        raise BadInputError("key-act-unknown", act_id, id=act_id)
    return found[0]


def list_acts(connection: sa.Connection) -> tuple[KeyAct, ...]:
    """Return every act there ever was, the newest first."""
    acts: dict[str, KeyAct] = {}
    for row in connection.execute(sa.select(KEY_STEPS).order_by(KEY_STEPS.c.position)):
        step = KeyStep(row.step, row.account, row.taken_at)
        before = acts.get(row.subject)
        steps = (step,) if before is None else (*before.steps, step)
        parameters = json.loads(row.parameters)
        # Acts of earlier versions say what they are about, a firm too, as "kid": the log holds them as they were made.
        earlier = parameters.pop("kid", "")
        about = parameters.pop("about", earlier)
        acts[row.subject] = KeyAct(row.subject, row.act, about, MappingProxyType(parameters), steps)
    return tuple(reversed(acts.values()))


def key_step_leaves(connection: sa.Connection) -> list[Leaf]:
    """Return the leaf that every stored step would have now (K14)."""
    return table_leaves(connection, KIND, KEY_STEPS)
