"""Sign what headquarters approved of a closure, for the barrier: a closure order (批复公示牌), and keep it in the log.

Only what is approved is ever signed: no more roads, no longer time (L11). An order is kept as a filing of its closure,
so that the history log vouches for it; whoever asks again is given the same one until the approval changes.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.closures.approval import approval_of
from geodata.closures.approved_part import ApprovedPart, approved_part
from geodata.closures.asking import objections_to
from geodata.closures.closure import Closure
from geodata.closures.filings_register import ORDERED, Filing, add_filing, closure_of, filings_of
from geodata.closures.records import TABLES, record_leaves
from geodata.closures.register import RegisterRows, read_rows
from geodata.closures.rules import DANGER_FIRST
from geodata.closures.states import LET_THROUGH, approval_state
from geodata.closures.unmatched import matched_part
from geodata.county_settings import CountySettings
from geodata.errors import BadInputError
from geodata.ledger.register import Ledger, leaves_about, read_ledger
from geodata.ledger.rules import records_unaltered
from geodata.ledger.tree import Checkpoint
from geodata.network import Network
from passes.errors import RefusedTokenError
from passes.keyring.key_register import list_keys, open_key_ring
from passes.orders.claims import (
    LONGEST_LIFETIME_S,
    ORDER,
    OrderApproval,
    OrderClaims,
    digest_of,
    read_order_claims,
    short_number,
)
from passes.orders.code import fit_order, order_code, read_order_token
from passes.orders.log_checkpoint import signed_checkpoint
from passes.tokens.keys import SigningKey
from passes.tokens.signing import sign_token

if TYPE_CHECKING:
    import sqlalchemy as sa

_LONGEST: Final = timedelta(seconds=LONGEST_LIFETIME_S)
_NO_LOG: Final = Checkpoint("", 0, b"")


@dataclass(frozen=True, slots=True)
class Orderer:
    """The county in whose name orders are signed, and with which keys."""

    settings: CountySettings
    network: Network
    key_file: Path = field(repr=False)


@dataclass(frozen=True, slots=True)
class Order:
    """A signed order.

    Attributes
    ----------
    url
        Of its code.
    again
        It had been signed before.
    log_text
        The signed checkpoint of the history log that is printed on it, to be held against the log later (K14).
    """

    token: str
    url: str
    claims: OrderClaims
    again: bool = False
    log_text: str = ""


def ordered_part(closure: Closure, settings: CountySettings, network: Network, *, at: datetime) -> ApprovedPart:
    """Return what an order for a closure would be about.

    Raises
    ------
    BadInputError
        `order-without-approval` with the state and who has still to approve; `order-danger-first` where danger to life
        let the barrier go up first and the approval must follow; `order-for-blockage`: nobody asked for it;
        `order-hard-barrier`: on such a road no approval covers it (L10).
    """
    part = approved_part(closure, settings.policy_for, network, at=at)
    facts: dict[str, object] = {"id": closure.id}
    if part is not None:
        _refuse_hard_isolation(part, settings, network)
        return part
    known = matched_part(closure, network)
    if closure.window is None or not known.extent:
        raise BadInputError("order-for-blockage", closure.id, **facts)
    policy = settings.policy_for(closure.cause)
    approval = approval_of(known, policy, network)
    facts["state"] = approval_state(known, settings.policy_for, network, at)
    facts["missing"] = "、".join(policy.authorities[one].name for one in approval.missing(at)) or "-"
    rules = [one.rule for one in approval.requirements]
    if facts["state"] in {"draft", "requested"} and all(one and one.prior == DANGER_FIRST for one in rules):
        facts["minutes"] = min(round(one.report_within_min or 0) for one in rules if one)
        raise BadInputError("order-danger-first", closure.id, **facts)
    raise BadInputError("order-without-approval", closure.id, **facts)


def _refuse_hard_isolation(part: ApprovedPart, settings: CountySettings, network: Network) -> None:
    """Refuse to sign for a hard barrier that no approval covers on such a road (L10)."""
    approved = replace(part.closure, extent=part.extent)
    if any(one.code == "K6" for one in objections_to(approved, settings, network)):
        raise BadInputError("order-hard-barrier", part.closure.id, id=part.closure.id)


def order_claims(part: ApprovedPart, settings: CountySettings, *, log: Checkpoint, at: datetime) -> OrderClaims:
    """Return what an order of an approved part says; its edition and the roads that fit are set when it is signed."""
    closure, window = part.closure, part.window
    latest = max(at, window.start) + _LONGEST
    return OrderClaims(
        issuer=settings.area_code,
        closure_id=closure.id,
        version=closure.version,
        edition=1,
        issued_at=at.replace(microsecond=0),
        not_before=window.start,
        expires_at=latest.replace(microsecond=0) if window.end is None else min(window.end, latest),
        ends_at=window.end,
        roads=part.extent[:1],
        road_count=len(part.extent),
        length_m=max(round(part.length_m), 1),
        extent_digest=digest_of(part.extent),
        barrier=closure.barrier,
        cause=closure.cause,
        lets_holders_through=closure.pass_holders == LET_THROUGH,
        approvals=approvals_of(part),
        log_size=log.size,
        log_root=log.root if log.size else b"",
    )


def approvals_of(part: ApprovedPart) -> tuple[OrderApproval, ...]:
    """Return the approvals of a part as a code names them."""
    return tuple(
        OrderApproval(one.authority, short_number(one.document_no), one.decided_at.replace(microsecond=0), one.form)
        for one in part.decisions
    )


def is_altered(connection: sa.Connection, closure_id: str) -> bool:
    """Tell whether a closure's versions, decisions or observations are not those that the history log has (K14)."""
    ledger = Ledger(leaves_about(connection, closure_id), None)
    records = list(record_leaves(read_rows(connection, [closure_id])))
    return next(records_unaltered(ledger, records, kinds=TABLES), None) is not None


def altered_ids(connection: sa.Connection, rows: RegisterRows) -> frozenset[str]:
    """Return the ids of all closures whose records are not those that the history log has (K14)."""
    found = records_unaltered(read_ledger(connection), record_leaves(rows), kinds=TABLES)
    return frozenset(one.subject for one in found)


def orders_of(connection: sa.Connection, closure_id: str) -> tuple[Order, ...]:
    """Return every order that was ever signed for a closure, oldest first; one that somebody damaged is none (K14)."""
    found = []
    for filing in filings_of(connection, closure_id):
        if filing.act == ORDERED:
            token = str(filing.seen.get("token", ""))
            with suppress(RefusedTokenError):
                claims = read_order_claims(read_order_token(token).claims)
                url, log_text = (str(filing.seen.get(name, "")) for name in ("url", "log"))
                found.append(Order(token, url, claims, again=True, log_text=log_text))
    return tuple(found)


def current_order(
    connection: sa.Connection, part: ApprovedPart, settings: CountySettings, *, at: datetime
) -> Order | None:
    """Return the order that says what is approved now; None where none was signed since it last changed.

    One whose key was withdrawn since is void, and is signed anew.
    """
    wanted = order_claims(part, settings, log=_NO_LOG, at=at)
    withdrawn = {one.public.kid for one in list_keys(connection) if one.withdrawn_at is not None}
    for order in reversed(orders_of(connection, part.closure.id)):
        claims, is_void = order.claims, read_order_token(order.token).kid in withdrawn
        says_so = claims.says == wanted.says and claims.approvals == wanted.approvals
        if says_so and at < claims.expires_at and not is_void:
            return order
    return None


def issue_order(
    connection: sa.Connection, closure_id: str, orderer: Orderer, *, by: tuple[str, str], at: datetime
) -> Order:
    """Sign the order of a closure and keep it; the same one again while the approval stays as it is.

    Parameters
    ----------
    connection
        A writer's transaction.
    by
        Account and unit of the person who asks.

    Raises
    ------
    BadInputError
        `closure-unknown`, what `ordered_part` refuses, `order-record-altered` where the history log does not vouch for
        the closure's records (K14), or `order-code-too-long`.
    SurroundingsError
        What is wrong with the key file, or `no-signing-key`.
    """
    settings = orderer.settings
    part = ordered_part(closure_of(connection, closure_id), settings, orderer.network, at=at)
    if is_altered(connection, closure_id):
        raise BadInputError("order-record-altered", closure_id, id=closure_id)
    known = current_order(connection, part, settings, at=at)
    if known is not None:
        return known
    key = open_key_ring(connection, orderer.key_file, at=at).current(at)
    log = signed_checkpoint(connection, settings, key)
    edition = sum(one.act == ORDERED for one in filings_of(connection, closure_id)) + 1
    claims = replace(order_claims(part, settings, log=log, at=at), edition=edition)
    order = replace(_signed(claims, part, key, public_url=settings.public_url), log_text=log.text)
    seen = {"token": order.token, "url": order.url, "jti": order.claims.jti, "log": log.text}
    add_filing(connection, Filing(closure_id, claims.version, ORDERED, by[0], by[1], at, seen=seen))
    return order


def _signed(claims: OrderClaims, part: ApprovedPart, key: SigningKey, *, public_url: str) -> Order:
    fitting = fit_order(claims, part.extent, kid=key.kid, public_url=public_url)
    token = sign_token(fitting.to_claims(), key, typ=ORDER.typ)
    return Order(token, order_code(token, public_url), fitting)
