"""`baotong keys list|new|rotate|export`: the issuer's signing keys; private halves never leave the register."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from geodata.windows import format_instant
from web.answer import answer
from web.key_file import key_file_of
from web.options import session_options
from web.pass_text import local_time
from web.session import Session, now

if TYPE_CHECKING:
    from datetime import datetime

    from passes.keyring.key_register import KeyRecord
    from passes.tokens.keys import SigningKey

_STATES: Final = {
    "waiting": ("等待根密钥签名", "waits for the root's signature"),
    "published": ("已公布，尚未启用", "published, not signing yet"),
    "signing": ("在用", "signing"),
    "retired": ("不再签发，仍可核验", "retired, still verifies"),
    "withdrawn": ("已停用，所签通行证无效", "withdrawn, its passes are void"),
}


def _now() -> datetime:
    """Return the time to the second: it stands in files that people read."""
    return now().replace(microsecond=0)


def _key_json(record: KeyRecord, at: datetime) -> dict[str, Any]:
    times = {
        name: getattr(record, name)
        for name in ("created_at", "published_at", "usable_from", "retired_at", "withdrawn_at")
    }
    shown = {name: None if time is None else format_instant(time) for name, time in times.items()}
    return {"kid": record.public.kid, "state": record.state(at), **shown}


@click.command("list", help="Every signing key, oldest first. / 列出签名密钥。")
@session_options
def list_keys(session: Session) -> None:
    """List every signing key."""
    from passes.keyring import key_register

    at = _now()
    with session.transaction(writes=False) as connection:
        records = key_register.list_keys(connection)
    lines = [
        f"{one.public.kid}  {local_time(session, one.usable_from)}  {session.say(*_STATES[one.state(at)])}"
        for one in records
    ]
    text = "\n".join(lines) or session.say("还没有签名密钥", "There is no signing key yet")
    answer(session, {"ok": True, "keys": [_key_json(one, at) for one in records]}, text)


def _tell_new(session: Session, key: SigningKey) -> None:
    usable_from = format_instant(key.public.usable_from) if key.public.usable_from else ""
    text = session.say(
        f"新密钥 {key.kid} 已公布，{usable_from} 起签发；请把公钥列表（keys export）发到各检查点",
        f"New key {key.kid} is published and signs from {usable_from} on; send `keys export` to every checkpoint",
    )
    answer(session, {"ok": True, "key": {"kid": key.kid, "usable_from": usable_from}}, text)


@click.command("new", help="Make and publish a further key; it signs in seven days. / 新建密钥。")
@session_options
def new(session: Session) -> None:
    """Make and publish a further key."""
    from passes.keyring.key_register import new_key
    from passes.keyring.root_publishing import ahead_of

    with session.transaction(writes=True) as connection:
        key = new_key(connection, key_file_of(session), at=_now(), ahead=ahead_of(session.county.settings.policy))
    _tell_new(session, key)


@click.command("rotate", help="Make a key that takes over from all others in seven days. / 更换密钥。")
@click.option(
    "--compromised",
    is_flag=True,
    help="The keys leaked: withdraw them now, their passes are void. / 密钥泄露：立即停用，所签通行证作废。",
)
@session_options
def rotate(session: Session, *, compromised: bool) -> None:
    """Make a key that takes over from all others; where the county has two people for it, they both do it."""
    from passes.keyring.key_acts import ROTATE, note_alone
    from passes.keyring.key_register import rotate_keys
    from passes.keyring.root_publishing import ahead_of

    at, ahead = _now(), ahead_of(session.county.settings.policy)
    with session.transaction(writes=True) as connection:
        note_alone(connection, ROTATE, at=at, reason="compromised" if compromised else "")
        key = rotate_keys(connection, key_file_of(session), at=at, compromised=compromised, ahead=ahead)
    _tell_new(session, key)


@click.command("export", help="Write the public keys as a JWK set, for verifying offline. / 导出公钥。")
@click.option("--out", type=click.Path(path_type=Path), help="File instead of stdout. / 写入文件。")
@session_options
def export(session: Session, *, out: Path | None) -> None:
    """Write the public keys."""
    from passes.keyring.key_register import public_key_list
    from passes.verifying.key_list import write_key_list
    from web.commands.verify import county_rules

    with session.transaction(writes=False) as connection:
        issuer = session.county.settings.area_code
        key_list = public_key_list(connection, issuer=issuer, at=_now(), rules=county_rules(session))
    document = write_key_list(key_list)
    written = json.dumps(document, ensure_ascii=False, indent=1)
    if out is None:
        answer(session, document, written)
    _write(session, out, written, len(key_list.keys))


def _write(session: Session, out: Path, written: str, count: int) -> None:
    from geodata.geojson import write_whole

    write_whole(out, written.encode() + b"\n")
    text = session.say(f"已导出 {count} 把公钥到 {out}", f"{count} public keys written to {out}")
    answer(session, {"ok": True, "file": str(out), "keys": count}, text)
