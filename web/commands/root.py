"""`baotong keys root new|sign`, `keys request`, `keys publish`: what the server publishes is signed off the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.errors import BadInputError
from geodata.windows import format_instant
from web.answer import answer
from web.options import session_options
from web.session import Session, now

if TYPE_CHECKING:
    from passes.tokens.keys import PublicKey
    from passes.verifying.root_list import RootList

_FILE = click.Path(path_type=Path)
#: Longer than any list or root file.
_MOST_CHARACTERS = 2**20


def read_text(path: Path) -> str:
    """Read a small file that was carried here.

    Raises
    ------
    BadInputError
        `file-missing`, `root-file-unreadable`.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_MOST_CHARACTERS)
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise BadInputError("root-file-unreadable", str(path)) from None


def read_public_root(path: Path) -> PublicKey:
    """Read the public key of a root from its file.

    Raises
    ------
    BadInputError
        `file-missing`, or what is wrong with it.
    """
    from passes.keyring.root_key import public_root

    return public_root(_read_document(path), where=str(path))


def _read_document(path: Path) -> Any:
    from passes.keyring.root_key import read_json_text

    return read_json_text(read_text(path), where=str(path))


def _passphrase(session: Session, path: Path | None, *, is_new: bool) -> str:
    """Return the passphrase: the first line of a file, else typed, a new one twice."""
    if path is not None:
        return read_text(path).partition("\n")[0].rstrip("\r")
    asked = session.say("根密钥口令", "Passphrase of the root")
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=is_new, err=True)
    return typed


def _write_own(path: Path, text: str) -> None:
    """Write a file that only this user may read, and never over another one.

    Raises
    ------
    BadInputError
        `root-file-exists`.
    """
    import os

    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInputError("root-file-exists", str(path)) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@click.command("new", help="Make the county's root, off the server; its file is encrypted. / 新建根密钥（离线）。")
@click.option("--out", type=_FILE, required=True, help="Encrypted file of the private key. / 加密的私钥文件。")
@click.option("--public", type=_FILE, required=True, help="Public key, for the server. / 公钥，交给服务器。")
@click.option("--passphrase-file", type=_FILE, help="Passphrase instead of typing it. / 口令文件。")
@session_options
def new_root(session: Session, *, out: Path, public: Path, passphrase_file: Path | None) -> None:
    """Make a root."""
    from geodata.geojson import write_whole
    from passes.keyring.root_key import lock_root, make_root
    from passes.keyring.root_succession import fingerprint

    root = make_root(at=now())
    locked = lock_root(root, _passphrase(session, passphrase_file, is_new=True))
    _write_own(out, json.dumps(locked, indent=1) + "\n")
    write_whole(public, (json.dumps(root.public.to_jwk(), indent=1) + "\n").encode())
    digits = fingerprint(root.public)
    text = session.say(
        f"根密钥 {root.kid}：私钥在 {out}（只留在离线机上，另备一份），公钥在 {public}\n指纹 {digits}",
        f"Root {root.kid}: private key in {out} (keep it off the server, with one copy), public key in {public}\n"
        f"Fingerprint {digits}",
    )
    said = {"ok": True, "root": root.kid, "fingerprint": digits, "file": str(out), "public": str(public)}
    answer(session, said, text)


def list_json(found: RootList) -> dict[str, Any]:
    """Return what a list says, for whoever is about to sign or publish it."""
    return {
        "number": found.number,
        "issuer": found.issuer,
        "keys": sorted(found.keys),
        "withdrawn": sorted(found.withdrawn),
        "trusted": [{"issuer": one.issuer, "until": format_instant(one.until)} for one in found.others.values()],
    }


def list_text(session: Session, found: RootList) -> str:
    """Say what a list says."""
    none = session.say("无", "none")
    others = (
        ", ".join(f"{one.name} {one.issuer} → {format_instant(one.until)}" for one in found.others.values()) or none
    )
    keys, withdrawn = ", ".join(sorted(found.keys)) or none, ", ".join(sorted(found.withdrawn)) or none
    return session.say(
        f"{found.issuer} 第 {found.number} 号公钥列表。公钥：{keys}；停用：{withdrawn}；互认：{others}",
        f"Key list {found.number} of {found.issuer}. Keys: {keys}; withdrawn: {withdrawn}; other issuers: {others}",
    )


@click.command("sign", help="Sign what the server asks for, off the server. / 用根密钥签名（离线）。")
@click.argument("request", type=_FILE)
@click.option("--root", "root_file", type=_FILE, required=True, help="Encrypted file of the root. / 根密钥文件。")
@click.option("--out", type=_FILE, required=True, help="Signed list, to be carried back. / 签好的列表。")
@click.option("--passphrase-file", type=_FILE, help="Passphrase instead of typing it. / 口令文件。")
@session_options
def sign(session: Session, *, request: Path, root_file: Path, out: Path, passphrase_file: Path | None) -> None:
    """Sign a request of the server; what it says is shown before the passphrase is asked for."""
    from geodata.geojson import write_whole
    from passes.keyring.root_key import open_root, read_request, sign_request

    found = read_request(_read_document(request), where=str(request), at=now())
    session.tell_progress(*(2 * (list_text(session, found),)))
    passphrase = _passphrase(session, passphrase_file, is_new=False)
    root = open_root(_read_document(root_file), passphrase, where=str(root_file))
    write_whole(out, (sign_request(found, root) + "\n").encode())
    text = session.say(f"已签名，写入 {out}", f"Signed and written to {out}")
    answer(session, {"ok": True, "root": root.kid, "file": str(out), **list_json(found)}, text)


@click.command("succeed", help="Sign with the root who comes after it, off the server. / 原根签认新根（离线）。")
@click.argument("new", type=_FILE)
@click.option("--issuer", required=True, help="Area code of the county. / 本县区划代码。")
@click.option("--root", "root_file", type=_FILE, required=True, help="Encrypted file of the root. / 原根密钥文件。")
@click.option("--out", type=_FILE, required=True, help="File to carry to the server. / 写入文件。")
@click.option("--passphrase-file", type=_FILE, help="Passphrase instead of typing it. / 口令文件。")
@session_options
def succeed(
    session: Session, *, new: Path, issuer: str, root_file: Path, out: Path, passphrase_file: Path | None
) -> None:
    """Sign with the present root who comes after it."""
    from geodata.geojson import write_whole
    from passes.keyring.root_key import open_root
    from passes.keyring.root_succession import fingerprint, sign_succession

    found = read_public_root(new)
    digits = fingerprint(found)
    session.tell_progress(f"新根密钥 {found.kid}，指纹 {digits}", f"New root {found.kid}, fingerprint {digits}")
    passphrase = _passphrase(session, passphrase_file, is_new=False)
    root = open_root(_read_document(root_file), passphrase, where=str(root_file))
    write_whole(out, (sign_succession(issuer, root, found, at=now()) + "\n").encode())
    text = session.say(f"已签名，写入 {out}；指纹 {digits}", f"Signed and written to {out}; fingerprint {digits}")
    answer(session, {"ok": True, "root": root.kid, "new": found.kid, "fingerprint": digits, "file": str(out)}, text)


@click.command("request", help="Write what the root is to sign next. / 导出待根密钥签名的列表。")
@click.option("--out", type=_FILE, required=True, help="File to carry to the root. / 写入文件。")
@session_options
def request_list(session: Session, *, out: Path) -> None:
    """Write what the root is to sign next."""
    from geodata.geojson import write_whole
    from passes.keyring.root_publishing import next_list
    from passes.keyring.root_register import request_text
    from passes.verifying.root_list import root_list_claims

    at = now().replace(microsecond=0)
    with session.transaction(writes=False) as connection:
        found = next_list(connection, issuer=session.county.settings.area_code, at=at)
    write_whole(out, request_text(root_list_claims(found), at=at).encode())
    answer(session, {"ok": True, "file": str(out), **list_json(found)}, list_text(session, found))


@click.command("publish", help="Publish a list that the root has signed. / 公布根密钥签过名的列表。")
@click.argument("signed", type=_FILE)
@click.option("--root", "root_file", type=_FILE, help="A root's public key, with its first list. / 根公钥（首次）。")
@click.option("--succession", type=_FILE, help="What the root before has signed of it. / 原根密钥签的交接文件。")
@click.option("--lost-root", default="", help="Why the root before cannot sign (one person). / 原根密钥不能签的原因。")
@session_options
def publish(session: Session, *, signed: Path, root_file: Path | None, succession: Path | None, lost_root: str) -> None:
    """Publish a list that the root has signed."""
    from passes.keyring.key_acts import REPLACE_ROOT, note_alone
    from passes.keyring.root_publishing import ComingRoot, ahead_of, publish_list
    from passes.keyring.root_succession import fingerprint

    root = None
    if root_file is not None:
        handed_on = "" if succession is None else read_text(succession).strip()
        root = ComingRoot(read_public_root(root_file), handed_on)
    settings = session.county.settings
    with session.transaction(writes=True) as connection:
        if root is not None and lost_root:
            kid, at = fingerprint(root.public), now().replace(microsecond=0)
            note_alone(connection, REPLACE_ROOT, at=at, about=kid, reason=lost_root)
        found = publish_list(
            connection,
            read_text(signed).strip(),
            issuer=settings.area_code,
            at=now().replace(microsecond=0),
            root=root,
            ahead=ahead_of(settings.policy),
        )
    answer(session, {"ok": True, **list_json(found)}, list_text(session, found))
