"""Verify a closure order: text in, verdict out, with every reason; offline by keys alone, or against the register.

| reason | verdict | what it means |
|---|---|---|
| the front door's codes, signature-wrong, key-unknown, key-withdrawn, key-retired, issuer-differs | red | no order of \
ours (key-unknown: amber where the key list may be too old to hold it) |
| order-valid | green | the approval is on record and in its window |
| order-offline | amber | signed by us; whether the approval still stands only the register can tell |
| order-not-on-record | red | no approval on record: the register does not hold this order, or says otherwise |
| order-not-yet | amber | approved from later on; until then the road is open |
| order-ended | red | the approval has ended: the road is to be reopened |
| order-newer | amber | the approval stands, by a newer document: hang up the new order |
| order-to-reprint | amber | the code is a year old: hang up a new one |
| order-oral | green | given by phone, document number to follow |
| order-paper-overdue | amber | given by phone, and its document number did not come in time |
| order-log-altered | red | the history log is not the one that the order was printed from (K14) |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from geodata.closures.approved_part import ApprovedPart, approved_parts_over_time
from geodata.closures.closure import Closure, Decision
from geodata.closures.filings_register import filings_of
from geodata.closures.register import list_closures
from geodata.closures.rematch_register import REMATCHED
from geodata.closures.states import LET_THROUGH, approval_state
from geodata.closures.unmatched import matched_part
from geodata.ledger.register import read_ledger
from geodata.ledger.rules import log_continues
from geodata.ledger.tree import Checkpoint
from passes.errors import RefusedTokenError
from passes.orders.claims import OrderApproval, OrderClaims, digest_of, read_order_claims, short_number
from passes.orders.code import read_order_token
from passes.orders.log_checkpoint import log_origin
from passes.orders.ordering import approvals_of, is_altered, orders_of
from passes.verifying.key_list import KeyList
from passes.verifying.paper_signer import PaperGrounds, judge_signer, refuse_signer
from passes.verifying.verdicts import Ground, Reason, Weighed, weigh

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county_settings import CountySettings
    from geodata.network import Network

#: Reasons that only orders have; those of the front door and the keys are the passes'.
ORDER_GROUNDS: Final[Mapping[str, Ground]] = MappingProxyType(
    {
        "order-valid": Ground("green", "L11", "keep-to-order"),
        "order-oral": Ground("green", "L11", "keep-to-order"),
        "order-offline": Ground("amber", "policy", "ask-register"),
        "order-not-yet": Ground("amber", "L11", "keep-open-until"),
        "order-newer": Ground("amber", "L11", "hang-new-order"),
        "order-to-reprint": Ground("amber", "policy", "hang-new-order"),
        "order-paper-overdue": Ground("amber", "policy", "ask-for-paper"),
        "order-ended": Ground("red", "L11", "reopen-road"),
        "order-not-on-record": Ground("red", "L11", "report-barrier"),
        "order-log-altered": Ground("red", "L11", "report-barrier"),
    }
)
_GROUNDS: Final = PaperGrounds(ORDER_GROUNDS, clause="L11", next="report-barrier")
#: States of a closure whose approval was taken back.
_TAKEN_BACK: Final = ("withdrawn", "refused")


#: The answer to "may this barrier stand here?".
OrderVerdict: TypeAlias = Weighed[OrderClaims]


@dataclass(frozen=True, slots=True)
class Record:
    """The register that an order is held against, within one transaction."""

    connection: sa.Connection
    settings: CountySettings
    network: Network


def verify_order(text: str, keys: KeyList, *, at: datetime, record: Record | None = None) -> OrderVerdict:
    """Judge an order.

    Parameters
    ----------
    text
        The token, the URL of its code, or the code's digits.
    keys
        What is trusted.
    at
        The time of the check.
    record
        The register; None: offline.
    """
    try:
        token = read_order_token(text)
    except RefusedTokenError as error:
        return weigh([_GROUNDS.reason(error.code, error.facts)])
    ending = refuse_signer(token, keys, _GROUNDS)
    if ending is not None:
        return weigh([ending])
    claims = read_order_claims(token.claims)
    reasons = [*judge_signer(token.kid, claims, keys, at=at, grounds=_GROUNDS), *_judge_time(claims, at)]
    reasons += [_GROUNDS.reason("order-offline")] if record is None else list(_judge_record(claims, record, at))
    if all(one.level == "green" for one in reasons):
        reasons.insert(0, _GROUNDS.reason("order-valid", {"ends_at": claims.ends_at}))
    return weigh(reasons, claims if token.kid in keys.keys else None)


def _judge_time(claims: OrderClaims, at: datetime) -> Iterator[Reason]:
    if at < claims.not_before:
        yield _GROUNDS.reason("order-not-yet", {"starts_at": claims.not_before})
    elif claims.ends_at is not None and at >= claims.ends_at:
        yield _GROUNDS.reason("order-ended", {"ends_at": claims.ends_at})
    elif at >= claims.expires_at:
        yield _GROUNDS.reason("order-to-reprint", {"expires_at": claims.expires_at})


def _judge_record(claims: OrderClaims, record: Record, at: datetime) -> Iterator[Reason]:
    """Hold an order against the register: is it there, is its approval, does it say the same."""
    found = list_closures(record.connection, [claims.closure_id])
    orders = orders_of(record.connection, claims.closure_id)
    if not found or all(one.claims.jti != claims.jti for one in orders):
        yield _GROUNDS.reason("order-not-on-record", {"why": "unknown"})
        return
    if is_altered(record.connection, claims.closure_id):
        yield _GROUNDS.reason("order-not-on-record", {"why": "altered"})
        return
    part, why = _part_of(claims, found[0], record, at)
    if part is None:
        yield _GROUNDS.reason("order-not-on-record", {"why": why})
        return
    if approvals_of(part) != claims.approvals or found[0].version != claims.version:
        yield _GROUNDS.reason("order-newer")
    if any(one.form == "oral" and not one.document_no for one in part.decisions):
        overdue = part.paper_due is not None and part.paper_due <= at
        yield _GROUNDS.reason("order-paper-overdue" if overdue else "order-oral", {"due_at": part.paper_due})


def _part_of(claims: OrderClaims, closure: Closure, record: Record, at: datetime) -> tuple[ApprovedPart | None, str]:
    """Return the approved part that an order is about; else None and what the register says otherwise.

    A version that only brought the closure onto a newer map says the same about the same places: of it the approved
    window is held against the order, since its roads are called otherwise now.
    """
    settings, network = record.settings, record.network
    state = approval_state(matched_part(closure, network), settings.policy_for, network, at)
    if state in _TAKEN_BACK:
        return None, "withdrawn"
    is_same_map = closure.version == claims.version
    if not is_same_map and not _is_only_rematched(record.connection, closure, claims.version):
        return None, "version"
    set_up = (closure.barrier, closure.cause, closure.pass_holders == LET_THROUGH)
    if set_up != (claims.barrier, claims.cause, claims.lets_holders_through):
        return None, "closure"
    recorded = {_approval(one) for one in closure.decisions if one.decision == "approved"}
    if not recorded.issuperset(_approval(one) for one in claims.approvals):
        return None, "decision"
    window = (int(claims.not_before.timestamp()), None if claims.ends_at is None else int(claims.ends_at.timestamp()))
    for part in approved_parts_over_time(closure, settings.policy_for, network, at=at):
        is_same = digest_of(part.extent) == claims.extent_digest or not is_same_map
        if _seconds(part) == window and is_same:
            return part, ""
    return None, "approval"


def _is_only_rematched(connection: sa.Connection, closure: Closure, since: int) -> bool:
    """Tell whether every version after one did nothing but bring the closure onto a newer map."""
    brought = {one.version for one in filings_of(connection, closure.id) if one.act == REMATCHED}
    return since < closure.version and brought.issuperset(range(since + 1, closure.version + 1))


def _approval(one: OrderApproval | Decision) -> tuple[str, str, int, str]:
    """Return an approval to the second, as a code names it."""
    return one.authority, short_number(one.document_no), int(one.decided_at.timestamp()), one.form


def _seconds(part: ApprovedPart) -> tuple[int, int | None]:
    end = part.window.end
    return int(part.window.start.timestamp()), None if end is None else int(end.timestamp())


def judge_log(claims: OrderClaims, record: Record) -> Reason | None:
    """Hold the history log against the state that is printed on an order (K14); None where it has only grown since."""
    if not claims.log_size:
        return None
    printed = Checkpoint(log_origin(record.settings), claims.log_size, claims.log_root)
    found = log_continues(read_ledger(record.connection), printed, origin=printed.origin, where=claims.jti)
    return None if found is None else _GROUNDS.reason("order-log-altered", {**found.facts})


def with_reason(verdict: OrderVerdict, reason: Reason | None) -> OrderVerdict:
    """Return a verdict with one more reason; the same where there is none."""
    return verdict if reason is None else weigh([*verdict.reasons, reason], verdict.claims)
