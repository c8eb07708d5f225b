"""`baotong keys trust add|drop|list`: which other issuers the next list of the root's names."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.errors import BadInputError
from geodata.windows import format_instant
from web.answer import answer
from web.options import instant_option, session_options
from web.pass_text import local_time
from web.session import Session, now

if TYPE_CHECKING:
    from passes.verifying.root_list import OtherIssuer


@click.command("add", help="Take another issuer's passes, from the next signed list on. / 互认外地签发单位。")
@click.argument("issuer")
@click.option("--name", required=True, help="What it is called. / 单位名称。")
@click.option("--jwks", type=click.Path(path_type=Path), required=True, help="Its public keys. / 公钥文件。")
@instant_option("--until", default_now=False)
@click.option("--address", default="", help="Where it publishes its status lists. / 作废名单的公布网址。")
@session_options
def add(session: Session, *, issuer: str, name: str, jwks: Path, until: datetime | None, address: str) -> None:
    """Put another issuer on the next list."""
    from geodata.geojson import read_json
    from passes.keyring.root_register import trust_issuer
    from passes.verifying.key_list import read_key_list
    from passes.verifying.root_list import OtherIssuer
    from web.foreign_lists import check_address

    at = now().replace(microsecond=0)
    found = read_key_list(read_json(jwks), where=str(jwks))
    if until is None or until <= at:
        raise BadInputError("trust-without-end", "--until")
    if not found.keys:
        raise BadInputError("key-list-unreadable", str(jwks))
    if found.issuer not in {"", issuer} or issuer == session.county.settings.area_code:
        raise BadInputError("trust-issuer-differs", str(jwks), issuer=issuer, found=found.issuer)
    address = check_address(address) if address else ""
    one = OtherIssuer(issuer, name, until, found.keys, found.withdrawn)
    with session.transaction(writes=True) as connection:
        trust_issuer(connection, one, at=at, address=address)
    text = session.say(
        f"下一号公钥列表将列入 {name}（{issuer}）：运行 keys request，由根密钥签名后公布",
        f"The next key list will name {name} ({issuer}): run `keys request` and have the root sign it",
    )
    answer(session, {"ok": True, **_row(one)}, text)


@click.command("drop", help="Leave an issuer off the next signed list. / 取消互认。")
@click.argument("issuer")
@session_options
def drop(session: Session, *, issuer: str) -> None:
    """Leave an issuer off the next list."""
    from passes.keyring.root_register import drop_issuer

    with session.transaction(writes=True) as connection:
        if not drop_issuer(connection, issuer):
            raise BadInputError("trust-unknown", issuer, issuer=issuer)
    text = session.say(f"下一号列表不再列入 {issuer}", f"The next list will not name {issuer}")
    answer(session, {"ok": True, "issuer": issuer}, text)


def _row(one: OtherIssuer) -> dict[str, Any]:
    return {"issuer": one.issuer, "name": one.name, "until": format_instant(one.until), "keys": sorted(one.keys)}


@click.command("list", help="Issuers that the next signed list names. / 列出互认单位。")
@session_options
def list_trusted(session: Session) -> None:
    """List the issuers that the next list names."""
    from passes.keyring.root_register import trusted_issuers

    with session.transaction(writes=False) as connection:
        found = list(trusted_issuers(connection).values())
    lines = [f"{one.issuer}  {one.name}  {local_time(session, one.until)}" for one in found]
    text = "\n".join(lines) or session.say("没有互认单位", "No other issuer is trusted")
    answer(session, {"ok": True, "trusted": [_row(one) for one in found]}, text)
