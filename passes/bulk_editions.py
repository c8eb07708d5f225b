"""Sign and keep editions of passes, one or a hundred thousand: the only way by which a pass comes to be.

1. Each is given its slot in a status list. 2. The finest corridor that fits the code goes into its claims. 3. It is
signed. 4. Record, roads and event are kept, many rows a statement. 5. Where it is the next edition of a pass, the one
before becomes replaced, not withdrawn (`replace_editions`).

Everything happens in the caller's transaction. Whoever makes very many takes some thousand a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.collector import collector_resting
from passes.claims import PASS, PassClaims, StatusSlot
from passes.keys import SigningKey
from passes.pass_code import CorridorSource, fit_claims, to_code
from passes.pass_register import REPLACED, PassEvent, PassRecord, add_passes, record_events, set_states
from passes.signing import sign_token
from passes.status_list import Status
from passes.status_register import change_statuses, take_slots

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.driven_way import Stage


def jti_of(number: str, edition: int) -> str:
    """Return what an edition of a pass number is keyed on."""
    return number if edition == 1 else f"{number}-{edition}"


@dataclass(frozen=True, slots=True)
class Unsigned:
    """An edition of a pass before it is signed.

    Attributes
    ----------
    record
        What the register keeps; its key, token and code are still empty.
    claims
        Makes what it says, given its slot; with whatever corridor.
    line
        Draws its corridor.
    stages
        Its roads; none where it has those of another edition.
    event
        What its history begins with.
    """

    record: PassRecord
    claims: Callable[[StatusSlot], PassClaims]
    line: CorridorSource
    stages: tuple[Stage, ...]
    event: PassEvent


def _signed(one: Unsigned, slot: StatusSlot, *, key: SigningKey, public_url: str) -> PassRecord:
    """Draw the finest corridor whose code still fits, and sign."""
    fitting = fit_claims(one.claims(slot), one.line, kid=key.kid, public_url=public_url)
    token = sign_token(fitting.to_claims(), key, typ=PASS.typ)
    return replace(one.record, kid=key.kid, token=token, url=to_code(token, public_url))


def sign_editions(
    connection: sa.Connection, unsigned: Sequence[Unsigned], *, key: SigningKey, public_url: str, at: datetime
) -> tuple[PassRecord, ...]:
    """Give editions their slots and sign them, in their order; nothing of them is kept yet.

    Raises
    ------
    BadInputError
        `pass-code-too-long`, `status-pass-known`, `status-list-full`; the caller's transaction must not be kept.
    """
    slots = take_slots(connection, [one.record.jti for one in unsigned], at=at)
    pairs = zip(unsigned, slots, strict=True)
    with collector_resting():
        return tuple(_signed(one, slot, key=key, public_url=public_url) for one, slot in pairs)


def keep_editions(
    connection: sa.Connection, unsigned: Sequence[Unsigned], *, key: SigningKey, public_url: str, at: datetime
) -> tuple[PassRecord, ...]:
    """Sign editions and keep them, in their order.

    Raises
    ------
    BadInputError
        As `sign_editions`.
    """
    records = sign_editions(connection, unsigned, key=key, public_url=public_url, at=at)
    add_passes(connection, [(record, one.stages) for record, one in zip(records, unsigned, strict=True)])
    record_events(connection, [one.event for one in unsigned])
    return records


def replace_editions(
    connection: sa.Connection, pairs: Sequence[tuple[PassRecord, str]], *, at: datetime, reason: str = "", **facts: Any
) -> None:
    """Mark editions as replaced, each by the one that is named (jti): register, status list and history at once.

    Raises
    ------
    BadInputError
        `pass-state-changed`, `status-final`: one is no longer what it was; the transaction must not be kept.
    """
    records, successors = [record for record, _ in pairs], [successor for _, successor in pairs]
    set_states(connection, records, REPLACED, replaced_by=successors)
    change_statuses(connection, [one.jti for one in records], Status.REPLACED, at=at)
    record_events(
        connection,
        [PassEvent(one.jti, at, REPLACED, reason, {"replaced_by": by, **facts}) for one, by in pairs],
    )
