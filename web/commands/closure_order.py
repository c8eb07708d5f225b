"""`baotong closures order`: sign the order of an approved closure for its barrier, or verify one."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from passes.tokens.front_door import LONGEST_TOKEN
from web.answer import ExitCode, answer
from web.options import instant_option, session_options
from web.order_text import order_json, order_text, order_verdict_json, order_verdict_text
from web.session import Session, now

if TYPE_CHECKING:
    from passes.orders.check import OrderVerdict
    from passes.orders.ordering import Order

_EXIT_CODES: Final = {"green": ExitCode.DONE, "amber": ExitCode.AMBER, "red": ExitCode.RED}
_STDIN: Final = "-"
#: Who asked, where it was the command line.
_BY: Final = ("command", "")


@click.command("order", help="Sign the order of an approved closure, or verify one. / 出具或核验批复公示牌。")
@click.argument("closure_id", required=False)
@click.option("--verify", "token", help="Token, URL of the code, or - for stdin. / 核验公示牌。")
@click.option("--jwks", type=click.Path(path_type=Path), help="Public keys: verify offline. / 公钥文件，离线核验。")
@click.option("--qr", type=click.Path(path_type=Path), help="Write the QR as a PNG. / 二维码存为 PNG。")
@instant_option("--at", default_now=False)
@session_options
def order(
    session: Session,
    *,
    closure_id: str | None,
    token: str | None,
    jwks: Path | None,
    qr: Path | None,
    at: datetime | None,
) -> None:
    """Sign an order, the same again while the approval stays; or judge one: exit code 0 green, 10 amber, 20 red.

    With --jwks alone nobody knows whether the approval still stands: a good order is amber then.
    """
    if (closure_id is None) == (token is None) or (at is not None and token is None):
        raise click.UsageError("closures order ID, or closures order --verify TOKEN [--jwks FILE] [--at TIME]")
    if token is not None:
        _verify(session, _read_stdin() if token == _STDIN else token, jwks=jwks, at=at or now())
    _issue(session, closure_id or "", qr)


def _read_stdin() -> str:
    return sys.stdin.buffer.read(3 * LONGEST_TOKEN).decode("utf-8", errors="replace")


def _issue(session: Session, closure_id: str, qr: Path | None) -> None:
    from geodata.geojson import write_whole
    from passes.orders.ordering import Orderer, issue_order
    from passes.tokens.qr_image import draw_qr_png
    from web.key_file import key_file_of

    county = session.county
    orderer = Orderer(county.settings, county.network, key_file_of(session))
    with session.transaction(writes=True) as connection:
        done = issue_order(connection, closure_id, orderer, by=_BY, at=now())
    if qr is not None:
        write_whole(qr, draw_qr_png(done.url))
    answer(session, _issued_json(done), _issued_text(done, session))


def _issued_json(done: Order) -> dict[str, object]:
    return {"ok": True, "order": {**order_json(done.claims), "token": done.token, "url": done.url, "again": done.again}}


def _issued_text(done: Order, session: Session) -> str:
    zone = session.county.settings.timezone
    return "\n".join([*order_text(done.claims, session.lang, zone), done.token, done.url])


def _verify(session: Session, text: str, *, jwks: Path | None, at: datetime) -> None:
    verdict, zone = _judge(session, text, jwks=jwks, at=at)
    said = order_verdict_text(verdict, session.lang, zone)
    if verdict.claims is not None:
        said = "\n".join([said, *order_text(verdict.claims, session.lang, zone)])
    code = _EXIT_CODES[verdict.verdict]
    answer(session, order_verdict_json(verdict, session.lang, zone), said, code=code)


def _judge(session: Session, text: str, *, jwks: Path | None, at: datetime) -> tuple[OrderVerdict, ZoneInfo]:
    """Judge by a file of keys alone, else by the county's register and its history log."""
    from geodata.geojson import read_json
    from passes.keyring.key_register import public_key_list
    from passes.orders.check import Record, judge_log, verify_order, with_reason
    from passes.verifying.key_list import read_key_list

    if jwks is not None:
        keys = read_key_list(read_json(jwks), where=str(jwks))
        return verify_order(text, keys, at=at), ZoneInfo(keys.rules.timezone)
    county = session.county
    with session.transaction(writes=False) as connection:
        keys = public_key_list(connection, issuer=county.settings.area_code, at=at)
        record = Record(connection, county.settings, county.network)
        verdict = verify_order(text, keys, at=at, record=record)
        if verdict.claims is not None:
            verdict = with_reason(verdict, judge_log(verdict.claims, record))
    return verdict, county.settings.timezone
