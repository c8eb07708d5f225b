"""`baotong keys trust lists|import|fetch`: the status lists of the issuers whose passes are taken here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.errors import BadInputError
from geodata.windows import format_instant
from web.answer import answer
from web.options import session_options
from web.session import Session, now

if TYPE_CHECKING:
    from passes.verifying.status_list import StatusList


def _row(issuer: str, found: StatusList) -> dict[str, Any]:
    return {"issuer": issuer, "uri": found.uri, "issued_at": format_instant(found.issued_at)}


@click.command("lists", help="Status lists held of other issuers, and their age. / 列出所持外地作废名单。")
@session_options
def lists(session: Session) -> None:
    """List what is held of other issuers."""
    from passes.keyring.foreign_lists_register import foreign_lists
    from passes.keyring.root_register import issuer_addresses, trusted_issuers

    with session.transaction(writes=False) as connection:
        held = foreign_lists(connection, trusted_issuers(connection))
        addresses = dict(issuer_addresses(connection))
    at = now()
    lines = [
        f"{one.issuer}  {one.found.uri}  "
        + session.say(
            f"{int((at - one.found.issued_at).total_seconds() // 3600)} 小时前",
            f"{int((at - one.found.issued_at).total_seconds() // 3600)} h old",
        )
        for one in held
    ]
    text = "\n".join(lines) or session.say("没有外地作废名单", "No list of another issuer is held")
    rows = [{**_row(one.issuer, one.found), "taken_at": format_instant(one.taken_at)} for one in held]
    answer(session, {"ok": True, "lists": rows, "addresses": addresses}, text)


@click.command("import", help="Take status lists that were carried here. / 导入外地作废名单文件。")
@click.argument("issuer")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@session_options
def import_lists(session: Session, *, issuer: str, files: tuple[Path, ...]) -> None:
    """Take lists of another issuer from files, all of them or none."""
    from passes.keyring.foreign_lists_register import take_foreign_list
    from passes.keyring.root_register import trusted_issuers
    from web.commands.verify import read_list_text

    with session.transaction(writes=True) as connection:
        other = trusted_issuers(connection).get(issuer)
        if other is None:
            raise BadInputError("trust-unknown", issuer, issuer=issuer)
        found = [
            take_foreign_list(connection, other, read_list_text(path), at=now(), where=str(path)) for path in files
        ]
    text = session.say(f"已采用 {len(found)} 份名单", f"{len(found)} lists taken")
    answer(session, {"ok": True, "lists": [_row(issuer, one) for one in found]}, text)


@click.command("fetch", help="Fetch the lists from where other issuers publish them. / 立即获取外地作废名单。")
@session_options
def fetch(session: Session) -> None:
    """Fetch the lists of every trusted issuer that has an address.

    Raises
    ------
    BaotongError
        What went wrong with the first one that failed; those that came are kept.
    """
    from web.foreign_lists import fetch_foreign_lists

    done = fetch_foreign_lists(lambda writes: session.transaction(writes=writes), now)
    for one in done:
        if one.error is not None:
            raise one.error
    text = session.say(f"已从 {len(done)} 个单位获取名单", f"Lists of {len(done)} issuers fetched")
    answer(session, {"ok": True, "fetched": [{"issuer": one.issuer, "lists": one.lists} for one in done]}, text)
