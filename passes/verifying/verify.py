"""Verify a pass: text in, verdict out, with every reason; no network, no database, no clock.

The order, each step only after the one that vouches for it:

1. form (`passes.tokens.front_door`), after a code was turned back into its token: a fault ends here, red;
2. issuer: a key is looked up within the issuer that the pass names, never by its name alone; an issuer that is not
   known here, or no longer trusted, ends here, amber, and nothing of the pass is shown;
3. key: unknown is red where the key list is too young to lack it, else amber and nothing of the pass is shown; of
   another issuer it is amber, as its list comes seldom; withdrawn and wrong signature end here, red; then the key's
   own time;
4. clock: behind a time that was signed already it cannot tell "not yet valid", and that is not judged;
5. nbf <= t < exp; 6. drill; 7. status and the list's age; 8. plate; 9. position; 10. way;
11. crew conditions.

From 3 on nothing ends the check: a guard sees everything that speaks against the pass. An unknown key's claims are
judged too: what a pass admits against itself counts, what it says for itself does not; the plate and the names that it
gives are nobody's word, and stars stand for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from passes.errors import RefusedTokenError
from passes.reading.plates import normalise_plate
from passes.reading.positions import Point
from passes.tokens.claims import PASS, PENDING_TERM, PassClaims, read_pass_claims
from passes.tokens.front_door import LONGEST_TOKEN, ParsedToken, parse_token
from passes.tokens.keys import PublicKey
from passes.tokens.pass_code import from_code, is_code
from passes.tokens.signing import is_signed_by
from passes.verifying.root_list import OtherIssuer
from passes.verifying.status_list import Status
from passes.verifying.trust import Trust
from passes.verifying.verdicts import Reason, Verdict, make_reason, weigh
from routing.corridor_distance import distance_to_corridor_m

Way = Literal["along", "against"]
#: What the terms of a pass say that is for the way back too.
_ROUND_TRIP: Final = "round_trip"
#: What else of ours hangs at a barrier or is shown by a driver, by its `typ`: known for what it is, and no pass.
_NO_PASSES: Final = {"bto+jwt": "closure-order", "btc+jwt": "loop-certificate"}
_TYPS: Final = {"o": "bto+jwt", "l": "btc+jwt"}
_OTHER_URL: Final = re.compile(r"https?://[^\s?#]+/([ol])/[0-9]+", re.IGNORECASE | re.ASCII)
#: Stands for what a pass says of a truck or a person where no key vouches for it.
UNPROVEN: Final = "***"
#: A clock may be so far behind; beyond it is wrong (a phone's clock drifts by minutes, not more).
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
_STATUS_REASONS: Final = {
    Status.WITHDRAWN: "withdrawn",
    Status.SUSPENDED: "suspended",
    Status.REPLACED: "replaced",
}


@dataclass(frozen=True, slots=True)
class _Check:
    """One check of one pass: the claims, whether a key vouches for them, what is trusted, and what the guard sees."""

    claims: PassClaims
    is_proven: bool
    trust: Trust
    other: OtherIssuer | None
    at: datetime
    plate: str | None
    position: Point | None
    way: Way | None


def verify_pass(
    text: str,
    trust: Trust,
    *,
    at: datetime,
    plate: str | None = None,
    position: Point | None = None,
    way: Way | None = None,
) -> Verdict:
    """Judge a pass (X1, L5).

    Parameters
    ----------
    text
        The token, the URL of its code, or the code's digits; white space around it does not count.
    trust
        Keys and statuses.
    at
        The time of the check.
    plate
        Plate on the truck, where somebody looked.
    position
        Longitude and latitude where the truck stands.
    way
        Whether it drives along its route or against it, where somebody looked.
    """
    try:
        token = read_token(text)
    except RefusedTokenError as error:
        code = _NO_PASSES.get(str(error.facts.get("typ")), error.code)
        return weigh([make_reason(code, error.facts)])
    other = trust.keys.others.get(token.claims["iss"])
    ending = _refuse_issuer(token, trust, other, at) or _refuse_key(token, trust, other)
    if ending is not None:
        return weigh([ending])
    key = (trust.keys if other is None else other).keys.get(token.kid)
    check = _Check(read_pass_claims(token.claims), key is not None, trust, other, at, plate, position, way)
    reasons = [*_judge_key(key, check), *(reason for judge in JUDGES for reason in judge(check))]
    if all(one.level == "green" for one in reasons):
        reasons.insert(0, make_reason("pass-valid", {"expires_at": check.claims.expires_at}))
    return weigh(reasons, None if key is None else check.claims)


def read_token(text: str) -> ParsedToken:
    """Let a text through the front door, rebuilding the token first where it is a code.

    Raises
    ------
    RefusedTokenError
        With the reason's code.
    """
    if len(text) > 2 * LONGEST_TOKEN:
        raise RefusedTokenError("token-too-long", "token", longest=LONGEST_TOKEN)
    plain = text.strip(" \t\r\n")
    other = _OTHER_URL.fullmatch(plain) if len(plain) <= LONGEST_TOKEN else None
    if other is not None:
        raise RefusedTokenError("type-not-ours", "code", expected=PASS.typ, typ=_TYPS[other[1].lower()])
    return parse_token(from_code(plain) if is_code(plain) else plain, PASS)


def _refuse_issuer(token: ParsedToken, trust: Trust, other: OtherIssuer | None, at: datetime) -> Reason | None:
    """Return the reason that ends the check: an issuer that nobody here vouches for.

    What our own key has signed in another's name goes on, and is judged for that.
    """
    own, said = trust.keys.issuer, token.claims["iss"]
    if other is not None:
        ended = {"name": other.name, "issuer": said, "until": other.until}
        return make_reason("issuer-ended", ended) if at >= other.until else None
    if not own or said == own:
        return None
    key = trust.keys.keys.get(token.kid)
    if key is not None and is_signed_by(token, key):
        return None
    return make_reason("issuer-unknown", {"issuer": said})


def _refuse_key(token: ParsedToken, trust: Trust, other: OtherIssuer | None) -> Reason | None:
    """Return the reason that ends the check: a withdrawn key, or a known key that did not sign this."""
    issuer = trust.keys if other is None else other
    if token.kid in issuer.withdrawn:
        return make_reason("key-withdrawn", {"kid": token.kid})
    key = issuer.keys.get(token.kid)
    if key is not None and not is_signed_by(token, key):
        return make_reason("signature-wrong", {"kid": token.kid})
    return None


def _judge_key(key: PublicKey | None, check: _Check) -> Iterator[Reason]:
    """Judge key and issuer: an unknown key is red only while the list must hold every key in use."""
    trust, claims, other = check.trust.keys, check.claims, check.other
    if key is None:
        if other is None and trust.holds_every_key_at(check.at):
            yield make_reason("key-unknown")
        else:
            yield make_reason("key-unknown", level="amber", step="check-paper")
        return
    if key.retired_at is not None and claims.issued_at >= key.retired_at:
        yield make_reason("key-retired", {"retired_at": key.retired_at})
    if other is not None:
        yield make_reason("issuer-trusted", {"issuer": other.issuer, "name": other.name})
    elif trust.issuer and claims.issuer != trust.issuer:
        yield make_reason("issuer-differs", {"issuer": claims.issuer, "expected": trust.issuer})


def _clock_is_wrong(check: _Check) -> bool:
    newest = check.trust.newest_signed
    return newest is not None and check.at < newest - CLOCK_TOLERANCE


def _judge_time(check: _Check) -> Iterator[Reason]:
    """Judge nbf <= t < exp; with a clock behind signed times only "expired" is certain."""
    claims = check.claims
    if _clock_is_wrong(check):
        newest = check.trust.newest_signed or check.at
        yield make_reason("clock-wrong", {"newest": newest, "at": check.at})
        if newest >= claims.expires_at:
            yield make_reason("expired", {"expires_at": claims.expires_at})
    elif check.at < claims.not_before:
        yield make_reason("not-yet-valid", {"not_before": claims.not_before})
    elif check.at >= claims.expires_at:
        yield make_reason("expired", {"expires_at": claims.expires_at})


def _judge_drill(check: _Check) -> Iterator[Reason]:
    """Refuse a drill's pass: drills are held in the normal state, and never let a truck through (P4)."""
    if check.claims.drill:
        yield make_reason("drill")


def _judge_status(check: _Check) -> Iterator[Reason]:
    """Judge the status and tell the list's age; staleness is never a refusal.

    A slot is looked up in its issuer's own lists; of another issuer's pass the list is as old as that issuer's is here.
    """
    ours = check.other is None
    statuses = check.trust.statuses if ours else check.trust.others.get(check.claims.issuer)
    slot = check.claims.status
    if statuses is None:
        older = check.trust.older_list if ours else None
        yield make_reason("list-missing") if older is None else make_reason("list-older", {"found": older.issued_at})
        return
    status = statuses.find(slot.uri, slot.index)
    if status in _STATUS_REASONS:
        yield make_reason(_STATUS_REASONS[status])
    age_h = max(0.0, (check.at - statuses.issued_at) / timedelta(hours=1))
    rules = check.trust.keys.rules
    if status is None:
        yield make_reason("list-without-pass", {"list": slot.uri})
    if age_h > rules.usable_h:
        yield make_reason("list-too-old", {"age_h": int(age_h)})
    else:
        yield make_reason("list-old" if age_h > rules.fresh_h else "list-current", {"age_h": int(age_h)})


def _judge_plate(check: _Check) -> Iterator[Reason]:
    if check.plate is not None and normalise_plate(check.plate) != check.claims.plate:
        said = check.claims.plate if check.is_proven else UNPROVEN
        yield make_reason("plate-differs", {"plate": said, "seen": normalise_plate(check.plate)[:12]})


def _judge_position(check: _Check) -> Iterator[Reason]:
    """Tell how far the truck stands off its corridor (L5: point to point); it is guided back, not refused."""
    if check.position is None:
        return
    distance_m = distance_to_corridor_m(check.claims.corridor, *check.position)
    if distance_m > check.claims.tolerance_m:
        yield make_reason("off-route", {"distance_m": round(distance_m), "tolerance_m": check.claims.tolerance_m})


def _judge_way(check: _Check) -> Iterator[Reason]:
    """Ask a truck that drives against its route where it is going, unless the pass is for the way back too (L5)."""
    if check.way == "against" and _ROUND_TRIP not in check.claims.terms:
        yield make_reason("other-way")


def _judge_pending(check: _Check) -> Iterator[Reason]:
    """Say that a result was not known when the pass was issued: sampled, gone at once, traced (L2); it goes on."""
    if PENDING_TERM in check.claims.terms:
        yield make_reason("result-pending")


def _judge_crew(check: _Check) -> Iterator[Reason]:
    """Name everybody whose condition has ended (L4); on the way they go on and renew it on arrival (L2).

    It holds through the instant of its end, as when the pass was issued.
    """
    red = check.trust.keys.rules.on_expiry_inside == "red"
    for one in check.claims.crew:
        if one.condition_ends_at is not None and one.condition_ends_at < check.at:
            name = one.masked_name if check.is_proven else UNPROVEN
            facts = {"name": name, "ended_at": one.condition_ends_at}
            if red:
                yield make_reason("condition-ended-inside", facts, level="red", step="renew-condition-now")
            else:
                yield make_reason("condition-ended-inside", facts)


#: In the order of this file's list.
JUDGES: Final = (
    _judge_time,
    _judge_drill,
    _judge_status,
    _judge_plate,
    _judge_position,
    _judge_way,
    _judge_pending,
    _judge_crew,
)
