"""Sign the closed-loop certificate of a trip that is over and was kept; of any other it says why there is none.

"Cannot tell" is not "left": neither has a certificate, and the reason says which it is. A certificate whose trip is
found to have left its route by positions that came later is on record no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BadInputError
from passes.editions.pass_register import COMPLETED, PassEvent, events_of, record_event
from passes.keyring.key_register import open_key_ring
from passes.loop.check import LoopCheck
from passes.loop.claims import LONGEST_NAME, LOOP, LoopClaims, read_loop_claims
from passes.loop.code import loop_code, read_loop_token
from passes.loop.receipt import goal_of
from passes.tokens.signing import sign_token
from passes.tracks.trip_mark_register import ENDED, RECEIVED
from routing.tracks.conformance import LoopVerdict

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county import County

CERTIFIED: Final = "certified"
UNCERTIFIED: Final = "uncertified"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signed certificate, and the address of its code."""

    token: str
    url: str
    claims: LoopClaims


@dataclass(frozen=True, slots=True)
class Certifier:
    """The county in whose name certificates are signed, and with which keys."""

    county: County
    key_file: Path = field(repr=False)


def why_none(check: LoopCheck) -> str:
    """Return why a trip has no certificate: "not-over", "left" or "cannot-tell"; "" where it may have one."""
    if ENDED not in check.marks or RECEIVED not in check.marks or check.record.state != COMPLETED:
        return "not-over"
    if check.loop is None:
        return "cannot-tell"
    return {LoopVerdict.KEPT: "", LoopVerdict.LEFT: "left", LoopVerdict.CANNOT_TELL: "cannot-tell"}[check.loop.verdict]


def certificate_of(connection: sa.Connection, number: str) -> Certificate | None:
    """Return the certificate of a pass number that is on record; None where there is none."""
    found = None
    for event in events_of(connection, number):
        if event.event == CERTIFIED:
            token = str(event.facts["token"])
            found = Certificate(token, str(event.facts["url"]), read_loop_claims(read_loop_token(token).claims))
        elif event.event == UNCERTIFIED:
            found = None
    return found


def certify(connection: sa.Connection, check: LoopCheck, certifier: Certifier, *, at: datetime) -> Certificate:
    """Sign the certificate of a trip and keep it; the same one again for who asks again.

    Parameters
    ----------
    connection
        A writer's transaction.

    Raises
    ------
    BadInputError
        `loop-not-over`, `loop-left` or `loop-cannot-tell`.
    SurroundingsError
        What is wrong with the key file, or `no-signing-key`.
    """
    record = check.record
    reason = why_none(check)
    if reason:
        raise BadInputError(f"loop-{reason}", record.number, number=record.number)
    known = certificate_of(connection, record.number)
    if known is not None:
        return known
    key = open_key_ring(connection, certifier.key_file, at=at).current(at)
    settings = certifier.county.settings
    claims = _claims(check, settings.area_code, settings.policy.tracks.certificate_days, at=at)
    token = sign_token(claims.to_claims(), key, typ=LOOP.typ)
    made = Certificate(token, loop_code(token, settings.public_url), claims)
    record_event(connection, PassEvent(record.jti, at, CERTIFIED, "", {"token": token, "url": made.url}))
    return made


def _claims(check: LoopCheck, issuer: str, days: float, *, at: datetime) -> LoopClaims:
    record = check.record
    origin, goal = record.route["stops"][0], goal_of(record) or record.route["stops"][-1]
    received, ended = check.marks[RECEIVED].at, check.marks[ENDED].at
    return LoopClaims(
        issuer=issuer,
        number=record.number,
        issued_at=max(at, ended).replace(microsecond=0),
        expires_at=(max(at, ended) + timedelta(days=days)).replace(microsecond=0),
        plate=record.plate,
        crew=tuple((str(one["name"]), str(one["id_tail"])) for one in record.crew),
        origin=_place(origin),
        destination=_place(goal),
        began_at=check.entered_at.replace(microsecond=0),
        received_at=received.replace(microsecond=0),
        ended_at=ended.replace(microsecond=0),
        length_m=max(round(float(record.route["distance_m"])), 1),
        positions=max(0 if check.loop is None else check.loop.used, 1),
        rules=record.rules,
    )


def _place(stop: dict[str, Any] | Any) -> tuple[str, str]:
    name = str(stop["name"]) or "-"
    return str(stop["place"] or "-"), name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def take_back_where_left(connection: sa.Connection, check: LoopCheck, *, at: datetime) -> bool:
    """Take a certificate off the record where positions that came later show that the truck had left its route."""
    is_left = check.loop is not None and check.loop.verdict is LoopVerdict.LEFT
    if not is_left or certificate_of(connection, check.record.number) is None:
        return False
    record_event(connection, PassEvent(check.record.jti, at, UNCERTIFIED, "", {}))
    return True
