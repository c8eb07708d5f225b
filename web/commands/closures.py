"""`baotong closures import|list|export|audit`: the register of closures and its checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.coordinates import COORDINATE_SYSTEMS
from geodata.errors import RowErrors
from web.answer import ExitCode, answer, failure_json, write_json
from web.closure_exchange import FORMATS, ExportSource, format_of, write_export
from web.closure_reading import READ_FORMATS, left_out_line, read_closure_source
from web.closure_text import audit_json, audit_text, closure_line, closure_row
from web.options import instant_option, session_options
from web.session import Session, now

if TYPE_CHECKING:
    from geodata.closures.register import ImportSummary

_FILE = click.Path(path_type=Path)


def _counts(done: ImportSummary | None) -> dict[str, Any]:
    names = ("created", "changed", "unchanged", "observations")
    return {name: 0 if done is None else getattr(done, name) for name in names}


def _answer_refused(session: Session, refused: RowErrors) -> None:
    """Answer that nothing was taken; without --json the error speaks for itself."""
    if not session.as_json:
        raise refused
    write_json({**failure_json(refused, session.lang), **_counts(None)})
    raise click.exceptions.Exit(ExitCode.BAD_INPUT)


@click.command("import", help="Import closures and blockages from a FILE. / 导入道路关闭。")
@click.argument("file", type=_FILE)
@click.option("--format", "said", type=click.Choice(READ_FORMATS), help="By the file's ending if not given. / 格式。")
@click.option("--crs", type=click.Choice(COORDINATE_SYSTEMS), default="wgs84", help="Of the file. / 坐标系。")
@session_options
def import_closures(session: Session, *, file: Path, said: str | None, crs: str) -> None:
    """Import a closure file, all rows or none; the same file again changes nothing."""
    from geodata.closures import register as closure_register

    with session.transaction(writes=False) as connection:
        registered = {one.id: one for one in closure_register.list_closures(connection)}
    try:
        read = read_closure_source(file, session.county, said=said, crs=crs, registered=registered)
    except RowErrors as refused:
        _answer_refused(session, refused)
        return
    with session.transaction(writes=True) as connection:
        done = closure_register.import_closures(connection, read.closures, now())
    lines = [
        session.say(
            f"道路关闭：新增 {done.created}，变更 {done.changed}，不变 {done.unchanged}；"
            f"现场情况 {done.observations} 条",
            f"Closures: {done.created} created, {done.changed} changed, {done.unchanged} unchanged; "
            f"{done.observations} observations",
        )
    ]
    if read.encoding not in ("", "utf-8"):
        lines.append(
            session.say(f"文件按 {read.encoding.upper()} 读取", f"The file was read as {read.encoding.upper()}")
        )
    lines += [left_out_line(row, session) for row in read.left_out]
    payload = {"ok": True, **_counts(done), "errors": [], "format": read.format, "encoding": read.encoding or None}
    answer(session, {**payload, "left_out": read.left_out}, "\n".join(lines))


@click.command("list", help="Every closure and blockage with its states. / 列出道路关闭。")
@session_options
def list_closures(session: Session) -> None:
    """List the newest version of every closure and blockage, with its three states now."""
    from geodata.closures import register as closure_register

    at = now()
    with session.transaction(writes=False) as connection:
        closures = closure_register.list_closures(connection)
    rows = [closure_row(one, session.county, at=at) for one in closures]
    lines = [closure_line(closure, row, session) for closure, row in zip(closures, rows, strict=True)]
    text = "\n".join(lines) or session.say("没有登记", "Nothing is registered")
    answer(session, {"ok": True, "closures": rows}, text)


@click.command("export", help="Write the register, a report or a feed to a FILE. / 导出道路关闭。")
@click.argument("file", type=_FILE)
@click.option("--format", "said", type=click.Choice(FORMATS), help="By the file's ending if not given. / 格式。")
@instant_option("--at")
@session_options
def export_closures(session: Session, *, file: Path, said: str | None, at: datetime) -> None:
    """Export the newest versions; a feed or a report says what stands at an instant."""
    chosen = format_of(file, said)
    with session.transaction(writes=False) as connection:
        source = ExportSource.of(connection, session.county, at=at)
    made = write_export(file, chosen, source)
    text = session.say(f"已导出 {made.count} 条到 {file}", f"{made.count} exported to {file}")
    payload = {"ok": True, "closures": made.count, "file": str(file), "format": chosen}
    if made.must_be_reported is not None:
        payload["must_be_reported"] = made.must_be_reported
        text += session.say(f"，其中须上报 {made.must_be_reported} 条", f", {made.must_be_reported} must be reported")
    answer(session, payload, text)


@click.command("audit", help="Check every closure against its approvals; exit code 1 with findings. / 核查道路关闭。")
@instant_option("--at")
@session_options
def audit(session: Session, *, at: datetime) -> None:
    """Run the checks K1 to K14 as things stood at an instant, and tell what each finding hurts."""
    from functools import cache

    from web.live_engine import engine_of, tell_where_kernels_are_kept

    tell_where_kernels_are_kept(session)
    from passes.audit.audit import run_audit
    from passes.audit.finding_facts import with_consequences

    county = session.county
    with session.transaction(writes=False) as connection:
        engine = cache(lambda: engine_of(connection, county, session=session))
        found = run_audit(connection, county, at=at, ready_engine=engine)
        closures = {one.id: one for one in found.closures}
        told = with_consequences(found.findings, closures, county, engine, connection=connection, at=at)
    found = replace(found, findings=tuple(told))
    code = ExitCode.RULE_SAYS_NO if found.findings else ExitCode.DONE
    answer(session, audit_json(found), audit_text(found, session), code=code)
