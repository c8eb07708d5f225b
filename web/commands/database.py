"""`baotong database upgrade|backup|restore`: bring the database up to date, keep a copy of it, put one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geodata.windows import format_instant
from web.answer import answer
from web.options import session_options
from web.session import Session, now

if TYPE_CHECKING:
    import sqlalchemy as sa


def _unready_store(session: Session) -> sa.Engine:
    """Return the database as it is: these commands are what makes it ready."""
    from geodata.store import open_store

    return open_store(session.database_url)


@click.command("upgrade", help="Bring the database to this program's version. / 升级数据库。")
@session_options
def upgrade(session: Session) -> None:
    """Bring the database to this program's version."""
    from passes.database import upgrade_database

    done = upgrade_database(_unready_store(session), at=now())
    payload = {"ok": True, "before": done.before, "after": done.after, "copy": str(done.copy) if done.copy else None}
    if done.before == done.after:
        answer(session, payload, session.say("数据库已是最新版本", "The database is up to date"))
    kept = session.say(f"，原有内容留在 {done.copy}", f"; what was there is kept in {done.copy}") if done.copy else ""
    answer(session, payload, session.say(f"数据库已升级到 {done.after}", f"Database upgraded to {done.after}") + kept)


@click.command("backup", help="Write everything the database holds to FILE. / 备份数据库。")
@click.argument("file", type=click.Path(path_type=Path))
@session_options
def backup(session: Session, file: Path) -> None:
    """Write everything the database holds to FILE."""
    from passes.backups import back_up_database

    header = back_up_database(_unready_store(session), file, at=now())
    rows = sum(header.rows.values())
    payload = {"ok": True, "file": str(file), "revision": header.revision, "rows": dict(header.rows)}
    text = session.say(f"已备份 {rows} 条记录到 {file}", f"{rows} records backed up to {file}")
    answer(session, payload, text)


@click.command("restore", help="Put what FILE holds into the database. / 恢复数据库。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what is there, after a backup of it. / 先备份再替换现有内容。")
@session_options
def restore(session: Session, file: Path, *, replace: bool) -> None:
    """Put what FILE holds into the database."""
    from passes.backups import restore_database

    done = restore_database(_unready_store(session), file, at=now(), replace=replace)
    rows = sum(done.backup.rows.values())
    payload = {
        "ok": True,
        "made_at": format_instant(done.backup.made_at),
        "rows": dict(done.backup.rows),
        "aside": str(done.aside) if done.aside else None,
    }
    kept = (
        session.say(f"，原有内容留在 {done.aside}", f"; what was there is kept in {done.aside}") if done.aside else ""
    )
    text = session.say(f"已恢复 {rows} 条记录", f"{rows} records restored") + kept
    answer(session, payload, text)
