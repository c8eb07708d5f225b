"""Sign passes again that stay as they are: the next edition on the same roads until the same end, under another key.

For keys that are in other hands, and wherever a pass must change its signature alone. No rule is asked again and no
road looked for: what was granted stays granted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from passes.bulk_editions import Unsigned, jti_of, keep_editions, replace_editions
from passes.claims import PASS, PassClaims, StatusSlot, read_pass_claims
from passes.front_door import parse_token
from passes.keys import SigningKey
from passes.pass_register import GRANTED, PassEvent, PassRecord, refuse_unless
from passes.reissue_register import next_edition_numbers
from routing.corridor import Corridor, CorridorAgain

if TYPE_CHECKING:
    import sqlalchemy as sa

SIGNED_AGAIN: Final = "signed_again"


def _claims(before: PassClaims, slot: StatusSlot, *, jti: str, at: datetime) -> PassClaims:
    return replace(before, jti=jti, issued_at=at.replace(microsecond=0), status=slot)


def _next_of(record: PassRecord, edition: int, *, reason: str, at: datetime) -> Unsigned:
    """Return the next edition of a pass, the same in all but name, slot and signature."""
    before = read_pass_claims(parse_token(record.token, PASS).claims)
    jti = jti_of(record.number, edition)
    return Unsigned(
        record=replace(record, jti=jti, edition=edition, roads_of=record.roads_jti, issued_at=at, kid="", token=""),
        claims=partial(_claims, before, jti=jti, at=at),
        line=CorridorAgain(Corridor(before.corridor, before.tolerance_m)),
        passages=(),
        event=PassEvent(jti, at, SIGNED_AGAIN, reason, {"replaces": record.jti}),
    )


def sign_again(
    connection: sa.Connection,
    records: Sequence[PassRecord],
    *,
    key: SigningKey,
    public_url: str,
    at: datetime,
    reason: str,
) -> tuple[PassRecord, ...]:
    """Make the next edition of granted passes under a key, in the caller's transaction; those before are replaced.

    Parameters
    ----------
    records
        As the register has them now (`read_passes`); some thousand at once.
    reason
        Why, for the history of each pass.

    Raises
    ------
    BadInputError
        `pass-not-open`; as `keep_editions` and `replace_editions`.
    """
    for one in records:
        refuse_unless(one, GRANTED)
    editions = next_edition_numbers(connection, [one.number for one in records])
    unsigned = [_next_of(one, editions[one.number], reason=reason, at=at) for one in records]
    made = keep_editions(connection, unsigned, key=key, public_url=public_url, at=at)
    replace_editions(connection, [(one, new.jti) for one, new in zip(records, made, strict=True)], at=at, reason=reason)
    return made
