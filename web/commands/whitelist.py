"""`baotong whitelist import`: take a whitelist file into the register, all rows or none."""

from __future__ import annotations

from pathlib import Path

import click

from web.answer import answer
from web.options import session_options
from web.session import Session, now


@click.command("import", help="Import firms and vehicles from CSV, XLSX or JSON. / 导入白名单。")
@click.argument("file", type=click.Path(path_type=Path))
@session_options
def import_whitelist(session: Session, *, file: Path) -> None:
    """Import a whitelist file; the same file again changes nothing."""
    from passes.whitelist import register as whitelist_register
    from passes.whitelist.file import read_whitelist

    read = read_whitelist(file)
    with session.transaction(writes=True) as connection:
        done = whitelist_register.import_whitelist(connection, read.entries, at=now(), where=file.name)
    counts = {name: getattr(done, name) for name in ("created", "changed", "unchanged", "removed")}
    text = session.say(
        f"企业：新增 {done.created}，变更 {done.changed}，不变 {done.unchanged}；其中移出 {done.removed}",
        f"Firms: {done.created} created, {done.changed} changed, {done.unchanged} unchanged; {done.removed} removed",
    )
    if read.ignored:
        text += session.say("\n没有用到的列：", "\nColumns not read: ") + session.say("、", ", ").join(read.ignored)
    answer(session, {"ok": True, **counts, "ignored_columns": list(read.ignored), "errors": []}, text)
