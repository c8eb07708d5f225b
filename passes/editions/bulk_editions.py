"""Sign and keep editions of passes, one or a hundred thousand: the only way by which a pass comes to be.

1. Each is given its slot in a status list. 2. The finest corridor that fits the code goes into its claims. 3. It is
signed. 4. Record, roads and event are kept, many rows a statement. 5. Where it is the next edition of a pass, the one
before becomes replaced, not withdrawn (`replace_editions`).

Everything happens in the caller's transaction. Whoever makes very many takes some thousand a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.collector import collector_resting
from geodata.errors import BadInputError
from passes.editions.pass_register import REPLACED, PassEvent, PassRecord, add_passes, record_events, set_states
from passes.editions.status_register import change_statuses, give_back_slots, take_slots
from passes.tokens.claims import StatusSlot
from passes.tokens.code_fitting import TOO_LONG, CodeDesk, code_desk, fit_payload, sign_fitted
from passes.tokens.drawn_line import CorridorSource
from passes.tokens.keys import SigningKey
from passes.verifying.status_list import Status

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.ways.driven_way import Stage


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
        Makes what it says, given its slot: claims that were checked, with whatever corridor.
    line
        Draws its corridor.
    stages
        Its roads; none where it has those of another edition.
    event
        What its history begins with.
    """

    record: PassRecord
    claims: Callable[[StatusSlot], Mapping[str, Any]]
    line: CorridorSource
    stages: tuple[Stage, ...]
    event: PassEvent


class _Signer:
    """Signs editions one after the other by one key, each with the finest corridor whose code still fits."""

    def __init__(self, key: SigningKey, public_url: str) -> None:
        self._key = key
        self._desk: CodeDesk = code_desk(key.kid, public_url)

    def signed(self, one: Unsigned, slot: StatusSlot) -> PassRecord:
        """Return an edition's record, signed."""
        fitted = fit_payload(one.claims(slot), one.line, self._desk)
        token, code = sign_fitted(fitted, self._desk, key=self._key)
        return replace(one.record, kid=self._key.kid, token=token, url=code)


def sign_editions(
    connection: sa.Connection, unsigned: Sequence[Unsigned], *, key: SigningKey, public_url: str, at: datetime
) -> tuple[PassRecord, ...]:
    """Give editions their slots and sign them, in their order; nothing of them is kept yet.

    Raises
    ------
    BadInputError
        `pass-code-too-long`, `status-pass-known`, `status-list-full`; the caller's transaction must not be kept.
    """
    signed = _signed_each(connection, unsigned, key=key, public_url=public_url, at=at)
    return tuple(_good(one) for one in signed)


def _good(signed: PassRecord | BadInputError) -> PassRecord:
    if isinstance(signed, BadInputError):
        raise signed
    return signed


def _signed_each(
    connection: sa.Connection, unsigned: Sequence[Unsigned], *, key: SigningKey, public_url: str, at: datetime
) -> list[PassRecord | BadInputError]:
    """Give editions their slots and sign them; in place of one whose code does not fit stands the error."""
    slots = take_slots(connection, [one.record.jti for one in unsigned], at=at)
    signer = _Signer(key, public_url)
    signed: list[PassRecord | BadInputError] = []
    with collector_resting():
        for one, slot in zip(unsigned, slots, strict=True):
            try:
                signed.append(signer.signed(one, slot))
            except BadInputError as error:
                if error.code != TOO_LONG:
                    raise
                signed.append(error)
    return signed


def keep_editions(
    connection: sa.Connection, unsigned: Sequence[Unsigned], *, key: SigningKey, public_url: str, at: datetime
) -> tuple[PassRecord | BadInputError, ...]:
    """Sign editions and keep them, in their order.

    In place of one whose code does not fit, however coarse its corridor, stands the error `pass-code-too-long`; of it
    nothing is kept.

    Raises
    ------
    BadInputError
        `status-pass-known`, `status-list-full`; the caller's transaction must not be kept.
    """
    signed = _signed_each(connection, unsigned, key=key, public_url=public_url, at=at)
    pairs = list(zip(signed, unsigned, strict=True))
    good = [(record, one) for record, one in pairs if isinstance(record, PassRecord)]
    add_passes(connection, [(record, one.stages) for record, one in good])
    record_events(connection, [one.event for _, one in good])
    give_back_slots(connection, [one.record.jti for record, one in pairs if isinstance(record, BadInputError)])
    return tuple(signed)


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
