"""Four eyes: to rotate or withdraw a key, to withdraw a firm's passes at once, to replace a root without its own word.

Nobody confirms what he proposed himself, and nothing happens before. Those entitled are transport officers, who issue,
and headquarters, which lead (X1). A county with fewer than two such accounts has no second pair of eyes: there one
alone may act at the command line, and the log says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError
from passes.accounts.account_register import find_account, list_accounts
from passes.editions.firm_review_register import WITHDRAWN, close_review
from passes.keyring.key_act_register import (
    ALONE,
    CONFIRMED,
    PROPOSED,
    REFUSED,
    KeyAct,
    KeyStep,
    find_act,
    list_acts,
    new_act,
    take_key_step,
)
from passes.keyring.key_register import find_key, rotate_keys, withdraw_key
from passes.keyring.root_succession import fingerprint
from passes.verifying.key_list import PUBLISHED_AHEAD
from passes.whitelist.register import find_firm

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.tokens.keys import PublicKey

ROTATE: Final = "rotate"
WITHDRAW: Final = "withdraw"
#: The root is lost or stolen: another one takes its place, by its fingerprint.
REPLACE_ROOT: Final = "root"
#: All passes that a firm's review speaks of.
WITHDRAW_FIRM: Final = "firm"
ACTS: Final = (ROTATE, WITHDRAW, REPLACE_ROOT, WITHDRAW_FIRM)
ENTITLED: Final = ("T", "HQ")
#: The log's name for whoever acts at the command line of a county without accounts.
OPERATOR: Final = "-"
#: A proposal that nobody has confirmed for so long is over: who confirms must mean the county as it is now.
GOOD_FOR: Final = timedelta(days=3)


def needs_two(connection: sa.Connection) -> bool:
    """Tell whether the county has two people who may act."""
    open_ones = [one for one in list_accounts(connection) if one.role in ENTITLED and one.closed_at is None]
    return len(open_ones) > 1


def propose(connection: sa.Connection, act: str, *, by: str, at: datetime, about: str = "", reason: str = "") -> KeyAct:
    """Propose an act.

    Parameters
    ----------
    about
        Name of the key that is withdrawn, the fingerprint of the root that is to come, or the id of the firm.

    Raises
    ------
    BadInputError
        `key-act-not-entitled`; `key-act-without-reason`; `key-act-open`: the same is proposed already; `key-unknown` or
        `key-withdrawn-already`; `enterprise-unknown`.
    """
    _check_entitled(connection, by)
    if not reason.strip():
        raise BadInputError("key-act-without-reason", "reason")
    if act == WITHDRAW:
        _check_key(connection, about)
    further = {"name": _name_of_firm(connection, about)} if act == WITHDRAW_FIRM else {}
    made = _made(act, about, reason, **further)
    for one in open_acts(connection, at=at):
        if (one.act, one.about) == (act, made.about):
            raise BadInputError("key-act-open", one.id, id=one.id)
    take_key_step(connection, made, KeyStep(PROPOSED, by, at))
    return find_act(connection, made.id)


def confirm(
    connection: sa.Connection, act_id: str, *, by: str, key_file: Path, at: datetime, ahead: timedelta = PUBLISHED_AHEAD
) -> KeyAct:
    """Confirm what somebody else has proposed: it is done in this transaction.

    Raises
    ------
    BadInputError
        `key-act-unknown`, `key-act-not-entitled`, `key-act-own`, `key-act-over`; of a firm `review-unknown`: its review
        was answered otherwise, or none of its passes is left; or as `propose`.
    """
    found = _open_act(connection, act_id, at=at)
    _check_entitled(connection, by)
    if found.proposed_by == by:
        raise BadInputError("key-act-own", act_id, id=act_id)
    take_key_step(connection, found, KeyStep(CONFIRMED, by, at))
    _do(connection, found, key_file=key_file, at=at, ahead=ahead)
    return find_act(connection, act_id)


def turn_down(connection: sa.Connection, act_id: str, *, by: str, at: datetime) -> KeyAct:
    """Refuse a proposal, or take one's own back.

    Raises
    ------
    BadInputError
        `key-act-unknown`, `key-act-not-entitled`, `key-act-over`.
    """
    found = _open_act(connection, act_id, at=at)
    _check_entitled(connection, by)
    take_key_step(connection, found, KeyStep(REFUSED, by, at))
    return find_act(connection, act_id)


def note_alone(connection: sa.Connection, act: str, *, at: datetime, about: str = "", reason: str = "") -> KeyAct:
    """Record what one alone is about to do, where the county has no second person who could confirm it.

    Raises
    ------
    BadInputError
        `key-act-needs-two`, or as `propose`.
    """
    if needs_two(connection):
        raise BadInputError("key-act-needs-two", act)
    if act == WITHDRAW:
        _check_key(connection, about)
    made = _made(act, about, reason)
    take_key_step(connection, made, KeyStep(ALONE, OPERATOR, at))
    return find_act(connection, made.id)


def _made(act: str, about: str, reason: str, **further: str) -> KeyAct:
    return new_act(act, "" if act == ROTATE else about, reason=reason.strip(), **further)


def _name_of_firm(connection: sa.Connection, firm: str) -> str:
    found = find_firm(connection, firm)
    if found is None:
        raise BadInputError("enterprise-unknown", "firm", enterprise=firm)
    return found.name


def may_replace_root(connection: sa.Connection, root: PublicKey, *, at: datetime) -> bool:
    """Tell whether two people have lately said that this root takes the place of one that is lost or stolen."""
    wanted = (REPLACE_ROOT, fingerprint(root))
    return any(
        (one.act, one.about) == wanted and one.steps[-1].step in {CONFIRMED, ALONE} and at < one.steps[-1].at + GOOD_FOR
        for one in list_acts(connection)
    )


def open_acts(connection: sa.Connection, *, at: datetime) -> tuple[KeyAct, ...]:
    """Return what waits for somebody's word, the newest first."""
    return tuple(one for one in list_acts(connection) if _is_open(one, at))


def _is_open(act: KeyAct, at: datetime) -> bool:
    return act.is_open and at < act.steps[0].at + GOOD_FOR


def _open_act(connection: sa.Connection, act_id: str, *, at: datetime) -> KeyAct:
    found = find_act(connection, act_id)
    if not _is_open(found, at):
        raise BadInputError("key-act-over", act_id, id=act_id)
    return found


def _check_entitled(connection: sa.Connection, name: str) -> None:
    account = find_account(connection, name)
    if account is None or account.closed_at is not None or account.role not in ENTITLED:
        raise BadInputError("key-act-not-entitled", name, name=name)


def _check_key(connection: sa.Connection, kid: str) -> None:
    if find_key(connection, kid).withdrawn_at is not None:
        raise BadInputError("key-withdrawn-already", kid, kid=kid)


def _do(connection: sa.Connection, act: KeyAct, *, key_file: Path, at: datetime, ahead: timedelta) -> None:
    if act.act == ROTATE:
        rotate_keys(connection, key_file, at=at, ahead=ahead)
    elif act.act == WITHDRAW:
        withdraw_key(connection, act.about, key_file, at=at)
    elif act.act == WITHDRAW_FIRM:
        reason = act.parameters["reason"]
        close_review(connection, act.about, outcome=WITHDRAWN, reason=reason, at=at, by=act.proposed_by)
