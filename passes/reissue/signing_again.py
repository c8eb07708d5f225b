"""Sign passes again that stay as they are: the next edition on the same roads until the same end, under another key.

For keys that are in other hands, and wherever a pass must change its signature alone. No rule is asked again and no
road looked for: what was granted stays granted. What a pass says is taken from its own token as it stands, so a hundred
thousand of them take less than a minute; only where its code has become too long is its corridor drawn anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from passes.editions.bulk_editions import jti_of, replace_editions
from passes.editions.pass_register import GRANTED, PassEvent, PassRecord, add_passes, record_events, refuse_unless
from passes.editions.status_register import take_slots
from passes.reissue.reissue_register import next_edition_numbers
from passes.tokens.claims import StatusSlot, check_pass_claims, read_pass_claims
from passes.tokens.code_fitting import CodeDesk, code_desk, fit_payload, sign_fitted, sign_payload
from passes.tokens.front_door import decode_base64url, read_object
from passes.tokens.keys import SigningKey
from passes.tokens.pass_code import pack_code
from passes.tokens.signing import write_json
from routing.corridor import Corridor, CorridorAgain

if TYPE_CHECKING:
    import sqlalchemy as sa

SIGNED_AGAIN: Final = "signed_again"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every pass of a run is signed with."""

    key: SigningKey
    code: CodeDesk
    at: datetime


def _next_of(record: PassRecord, edition: int, slot: StatusSlot, desk: _Desk) -> PassRecord:
    """Return the next edition of a pass, the same in all but name, slot, time and signature."""
    jti = jti_of(record.number, edition)
    claims = read_object(decode_base64url(record.token.split(".")[1]))
    claims.update(jti=jti, iat=int(desk.at.timestamp()), status={"idx": slot.index, "uri": slot.uri})
    check_pass_claims(claims)
    token, url = _signed(claims, desk)
    named = {"jti": jti, "edition": edition, "issued_at": desk.at, "kid": desk.key.kid, "roads_of": record.roads_jti}
    return replace(record, **named, token=token, url=url)  # type: ignore[arg-type] # each fits its field


def _signed(claims: dict[str, Any], desk: _Desk) -> tuple[str, str]:
    """Return token and code of claims that were checked."""
    payload = write_json(claims)
    token, code = sign_payload(payload, pack_code(desk.code.header, payload), desk.code, key=desk.key)
    if code is not None:
        return token, code
    before = read_pass_claims(claims)
    line = CorridorAgain(Corridor(before.corridor, before.tolerance_m))
    return sign_fitted(fit_payload(claims, line, desk.code), desk.code, key=desk.key)


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
        `pass-not-open`, `pass-code-too-long`, `status-list-full`; as `replace_editions`.
    """
    for one in records:
        refuse_unless(one, GRANTED)
    desk = _Desk(key, code_desk(key.kid, public_url), at)
    numbers = next_edition_numbers(connection, [one.number for one in records])
    editions = [numbers[one.number] for one in records]
    jtis = [jti_of(one.number, edition) for one, edition in zip(records, editions, strict=True)]
    slots = take_slots(connection, jtis, at=at)
    made = [_next_of(*one, desk) for one in zip(records, editions, slots, strict=True)]
    add_passes(connection, [(one, ()) for one in made])
    pairs = list(zip(records, made, strict=True))
    record_events(
        connection, [PassEvent(new.jti, at, SIGNED_AGAIN, reason, {"replaces": one.jti}) for one, new in pairs]
    )
    replace_editions(connection, [(one, new.jti) for one, new in pairs], at=at, reason=reason)
    return tuple(made)
