"""`baotong pass check|issue|show|list|renew|suspend|resume|withdraw`: passes from application to withdrawal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from geodata.windows import format_instant
from web.answer import ExitCode, answer
from web.options import instant_option, session_options
from web.session import Session, now

if TYPE_CHECKING:
    from collections.abc import Callable

    from passes.applications.check import CheckedApplication
    from passes.editions.issuing import Issued
    from passes.editions.pass_register import PassRecord

    #: Changes a pass: takes the connection, its number, reason, at, and by whom.
    Change = Callable[..., PassRecord]

_FILE = click.Path(path_type=Path)
_reason = click.option("--reason", required=True, help="Why; it is kept on record. / 原因，入台账。")


def _answer_check(session: Session, checked: CheckedApplication) -> NoReturn:
    from passes.ways.pass_route import pass_route
    from web.pass_text import findings_json, local_time, notes_text, refusal

    if checked.findings or checked.trip is None or checked.window is None:
        payload, text = refusal(session, checked)
        answer(session, payload, text, code=ExitCode.RULE_SAYS_NO)
    payload = {
        "ok": True,
        "findings": [],
        "notes": findings_json(session, checked.notes),
        "not_before": format_instant(checked.window.not_before),
        "expires_at": format_instant(checked.window.expires_at),
        "expires_because": checked.window.because,
        "route": dict(pass_route(checked.trip, session.county.network)),
    }
    end = local_time(session, checked.window.expires_at)
    text = session.say(f"可以核发，有效期至 {end}", f"A pass can be issued, valid until {end}")
    answer(session, payload, text + notes_text(session, checked.notes))


@click.command("check", help="Check an application; nothing is issued. / 核对申请，不核发。")
@click.argument("application", type=_FILE)
@instant_option("--at")
@session_options
def check(session: Session, *, application: Path, at: datetime) -> None:
    """Check an application: exit code 1 where a rule says no."""
    from web.issuing_office import load_map, open_office, read_application_file

    asked = read_application_file(session, application)
    load_map(session)
    with session.transaction(writes=False) as connection:
        office = open_office(session, connection)
        from passes.applications.check import check_application

        checked = check_application(asked, office, at=at)
    _answer_check(session, checked)


def _answer_issued(session: Session, issued: Issued, at: datetime) -> NoReturn:
    from web.pass_text import findings_json, notes_text, pass_json, pass_text, refusal

    if issued.record is None:
        payload, text = refusal(session, issued.checked)
        answer(session, payload, text, code=ExitCode.RULE_SAYS_NO)
    notes = issued.checked.notes
    payload = {
        "ok": True,
        "pass": pass_json(issued.record, at),
        "again": issued.again,
        "notes": findings_json(session, notes),
    }
    answer(session, payload, pass_text(session, issued.record, at) + notes_text(session, notes))


@click.command("issue", help="Issue the pass of an application. / 核发通行证。")
@click.argument("application", type=_FILE)
@session_options
def issue(session: Session, *, application: Path) -> None:
    """Issue a pass: exit code 1 where a rule says no; the same application again gives the same pass."""
    from web.issuing_office import load_map, open_office, read_application_file
    from web.key_file import key_file_of

    asked, at = read_application_file(session, application), now()
    key_file = key_file_of(session)
    load_map(session)
    with session.transaction(writes=True) as connection:
        office = open_office(session, connection)
        from passes.editions.issuing import issue_pass

        issued = issue_pass(asked, office, key_file=key_file, at=at)
    _answer_issued(session, issued, at)


@click.command("renew", help="Renew a pass; the old one is replaced. / 延期换发。")
@click.argument("number")
@click.option("--application", type=_FILE, help="Updated application, such as a newer sample. / 更新后的申请。")
@session_options
def renew(session: Session, *, number: str, application: Path | None) -> None:
    """Renew a pass with a new route and window, every rule asked again."""
    from web.issuing_office import load_map, open_office, read_application_file
    from web.key_file import key_file_of

    asked = None if application is None else read_application_file(session, application)
    at, key_file = now(), key_file_of(session)
    load_map(session)
    with session.transaction(writes=True) as connection:
        office = open_office(session, connection)
        from passes.reissue.renewal import renew_pass

        renewed = renew_pass(number, office, key_file=key_file, at=at, application=asked)
    _answer_issued(session, renewed, at)


def _answer_changed(session: Session, number: str, reason: str, change: Change, said: tuple[str, str]) -> NoReturn:
    """Change a pass, with the reason on record, and say so; `{number}` in what is said is the pass's."""
    from passes.keyring.key_acts import OPERATOR

    at = now()
    with session.transaction(writes=True) as connection:
        record = change(connection, number, reason=reason, at=at, by=OPERATOR)
    payload = {"ok": True, "pass": {"number": record.number, "jti": record.jti, "state": record.state_at(at)}}
    zh, en = (one.format(number=record.number) for one in said)
    answer(session, payload, session.say(zh, en))


@click.command("withdraw", help="Make a pass void. / 作废通行证。")
@click.argument("number")
@_reason
@session_options
def withdraw(session: Session, *, number: str, reason: str) -> None:
    """Withdraw a pass."""
    from passes.editions.withdrawal import withdraw_pass

    zh = "通行证 {number} 已作废；请把作废名单（pass status-list）发到各检查点"
    en = "Pass {number} is withdrawn; send `pass status-list` to every checkpoint"
    _answer_changed(session, number, reason, withdraw_pass, (zh, en))


@click.command("suspend", help="Stop a pass while something is looked into. / 暂停通行证。")
@click.argument("number")
@_reason
@session_options
def suspend(session: Session, *, number: str, reason: str) -> None:
    """Suspend a pass."""
    from passes.editions.suspending import suspend_pass

    _answer_changed(session, number, reason, suspend_pass, ("通行证 {number} 已暂停", "Pass {number} is suspended"))


@click.command("resume", help="Let a suspended pass go on. / 恢复通行证。")
@click.argument("number")
@_reason
@session_options
def resume(session: Session, *, number: str, reason: str) -> None:
    """Let a suspended pass go on."""
    from passes.editions.suspending import resume_pass

    _answer_changed(session, number, reason, resume_pass, ("通行证 {number} 已恢复", "Pass {number} is good again"))


@click.command("show", help="Show a pass and its history. / 查看通行证。")
@click.argument("number")
@session_options
def show(session: Session, *, number: str) -> None:
    """Show a pass: nothing of a person but the masked name and the last four of the number."""
    from passes.editions.pass_register import events_of, find_pass
    from web.pass_text import event_json, event_line, pass_json, pass_text

    at = now()
    with session.transaction(writes=False) as connection:
        record = find_pass(connection, number)
        events = events_of(connection, record.number)
    shown = {
        **pass_json(record, at),
        "kid": record.kid,
        "replaced_by": record.replaced_by or None,
        "events": [event_json(one) for one in events],
    }
    lines = [pass_text(session, record, at), *(event_line(session, one) for one in events)]
    answer(session, {"ok": True, "pass": shown}, "\n".join(lines))


@click.command("list", help="List passes, the newest first. / 列出通行证。")
@click.option(
    "--state",
    type=click.Choice(["granted", "replaced", "withdrawn", "suspended", "expired", "completed"]),
    default=None,
    help="Only passes in this state. / 只列某种状态。",
)
@click.option(
    "--most", type=click.IntRange(min=1), default=1000, show_default=True, help="At most so many. / 最多条数。"
)
@session_options
def list_passes(session: Session, *, state: str | None, most: int) -> None:
    """List passes."""
    from passes.editions import pass_register
    from web.pass_text import pass_json, pass_line

    at = now()
    with session.transaction(writes=False) as connection:
        records = pass_register.list_passes(connection, state=state or "", at=at, most=most)
    left_out = {"token", "url", "route"}
    rows: list[dict[str, Any]] = [
        {key: value for key, value in pass_json(one, at).items() if key not in left_out} for one in records
    ]
    text = "\n".join(pass_line(session, one, at) for one in records) or session.say("没有通行证", "There are no passes")
    answer(session, {"ok": True, "passes": rows}, text)
