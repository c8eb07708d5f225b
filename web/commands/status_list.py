"""`baotong pass status-list`: sign and write a status list, for whoever verifies offline."""

from __future__ import annotations

from pathlib import Path

import click

from geodata.errors import BadInputError
from geodata.windows import format_instant
from web.answer import answer
from web.key_file import open_keys
from web.options import session_options
from web.session import Session, now


@click.command("status-list", help="Sign and write the status list. / 导出作废名单。")
@click.option("--uri", help="Which list; the newest if not given. / 指定名单。")
@click.option("--out", type=click.Path(path_type=Path), help="File instead of stdout. / 写入文件。")
@session_options
def status_list(session: Session, *, uri: str | None, out: Path | None) -> None:
    """Sign and write the status list."""
    from passes.editions.status_register import list_uris, read_list
    from passes.verifying.status_list import sign_status_list

    at = now()
    with session.transaction(writes=True) as connection:
        uris = list_uris(connection)
        if uri is not None and uri not in uris:
            raise BadInputError("status-list-unknown", "--uri", known=list(uris))
        found = read_list(connection, uri or uris[-1], at=at)
        token = sign_status_list(found, open_keys(session, connection, at=at).current(at))
    about = {"ok": True, "uri": found.uri, "issued_at": format_instant(found.issued_at), "lists": list(uris)}
    if out is None:
        answer(session, {**about, "token": token}, token)
    _write(session, out, token, about)


def _write(session: Session, out: Path, token: str, about: dict[str, object]) -> None:
    from geodata.geojson import write_whole

    write_whole(out, token.encode() + b"\n")
    text = session.say(f"作废名单已写入 {out}", f"Status list written to {out}")
    answer(session, {**about, "file": str(out)}, text)
