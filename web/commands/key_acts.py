"""`baotong keys propose|confirm|turn-down|acts|withdraw|reissue`: two people for what makes many passes void."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.errors import BadInputError
from geodata.windows import format_instant
from web.answer import answer
from web.key_file import key_file_of
from web.options import session_options
from web.session import Session, now

if TYPE_CHECKING:
    from datetime import datetime

    from passes.keyring.key_act_register import KeyAct

_FILE = click.Path(path_type=Path)
_BY = click.option("--by", required=True, help="Account of whoever acts. / 经办账号。")
_PASSWORD = click.option("--password-file", type=_FILE, help="Password instead of typing it. / 密码文件。")
_REASON = click.option("--reason", default="", help="Why, for the log. / 原因。")
_ACTS = {
    "rotate": ("更换密钥", "Rotate the keys"),
    "withdraw": ("停用密钥", "Withdraw a key"),
    "root": ("更换根密钥", "Replace the root"),
    "firm": ("作废企业全部通行证", "Withdraw all passes of a firm"),
}
_STEPS = {
    "proposed": ("提出", "proposed"),
    "confirmed": ("复核同意", "confirmed"),
    "refused": ("不同意或撤回", "turned down"),
    "alone": ("单人办理", "done by one alone"),
}


def _now() -> datetime:
    return now().replace(microsecond=0)


def _person(session: Session, name: str, password_file: Path | None) -> str:
    """Return the account of whoever acts, once the password has shown that it is they.

    Raises
    ------
    BadInputError
        `person-not-known`.
    """
    from passes.accounts.account_register import end_sign_in
    from passes.accounts.signing_in import sign_in
    from web.commands.root import read_text

    if password_file is None:
        asked = session.say(f"账号 {name} 的密码", f"Password of {name}")
        password = click.prompt(asked, hide_input=True, err=True)
    else:
        password = read_text(password_file).partition("\n")[0].rstrip("\r")
    with session.transaction(writes=True) as connection:
        secret = sign_in(connection, name, password, at=now())
        if secret is not None:
            end_sign_in(connection, secret)
    if secret is None:
        raise BadInputError("person-not-known", "--by", name=name)
    return name.strip().casefold()


def act_json(act: KeyAct) -> dict[str, Any]:
    """Return an act with its steps."""
    steps = [{"step": one.step, "account": one.account, "at": format_instant(one.at)} for one in act.steps]
    return {"id": act.id, "act": act.act, "about": act.about, "parameters": dict(act.parameters), "steps": steps}


def _act_text(session: Session, act: KeyAct) -> str:
    said = " · ".join(f"{session.say(*_STEPS[one.step])} {one.account}" for one in act.steps)
    about = " ".join(part for part in (act.parameters.get("name") or act.about, act.parameters.get("reason")) if part)
    return f"{act.id}  {session.say(*_ACTS[act.act])} {about}  {said}"


@click.command("propose", help="Propose to rotate, withdraw KID, or root FILE; another confirms. / 提出。")
@click.argument("act", type=click.Choice(["rotate", "withdraw", "root"]))
@click.argument("kid", default="")
@_REASON
@_BY
@_PASSWORD
@session_options
def propose(session: Session, *, act: str, kid: str, reason: str, by: str, password_file: Path | None) -> None:
    """Propose an act; for another root the last word is the file of its public key."""
    from passes.keyring import key_acts
    from web.commands.root import read_public_root

    if act == key_acts.REPLACE_ROOT:
        from passes.keyring.root_succession import fingerprint

        kid = fingerprint(read_public_root(Path(kid)))
    name = _person(session, by, password_file)
    with session.transaction(writes=True) as connection:
        made = key_acts.propose(connection, act, by=name, at=_now(), about=kid, reason=reason)
    text = session.say(f"已提出 {made.id}，须由另一账号复核", f"Proposed as {made.id}; another account must confirm it")
    answer(session, {"ok": True, **act_json(made)}, text)


@click.command("confirm", help="Confirm what another account has proposed: it is done at once. / 复核同意。")
@click.argument("act_id")
@_BY
@_PASSWORD
@session_options
def confirm(session: Session, *, act_id: str, by: str, password_file: Path | None) -> None:
    """Confirm an act."""
    from passes.keyring import key_acts
    from passes.keyring.root_publishing import ahead_of

    name = _person(session, by, password_file)
    key_file, ahead = key_file_of(session), ahead_of(session.county.settings.policy)
    with session.transaction(writes=True) as connection:
        done = key_acts.confirm(connection, act_id, by=name, key_file=key_file, at=_now(), ahead=ahead)
    answer(session, {"ok": True, **act_json(done)}, _act_text(session, done))


@click.command("turn-down", help="Turn a proposal down, or take one's own back. / 不同意或撤回。")
@click.argument("act_id")
@_BY
@_PASSWORD
@session_options
def turn_down(session: Session, *, act_id: str, by: str, password_file: Path | None) -> None:
    """Turn a proposal down."""
    from passes.keyring import key_acts

    name = _person(session, by, password_file)
    with session.transaction(writes=True) as connection:
        done = key_acts.turn_down(connection, act_id, by=name, at=_now())
    answer(session, {"ok": True, **act_json(done)}, _act_text(session, done))


@click.command("acts", help="What was proposed and done with the keys, newest first. / 密钥办理记录。")
@session_options
def list_acts(session: Session) -> None:
    """List every act."""
    from passes.keyring import key_act_register

    with session.transaction(writes=False) as connection:
        found = key_act_register.list_acts(connection)
    text = "\n".join(_act_text(session, one) for one in found) or session.say("没有记录", "None")
    answer(session, {"ok": True, "acts": [act_json(one) for one in found]}, text)


@click.command("withdraw", help="Withdraw a stolen key: every pass it signed is void at once. / 停用被盗密钥。")
@click.argument("kid")
@_REASON
@click.option("--reissue", is_flag=True, help="Issue its live passes again, too. / 并重新核发有效通行证。")
@session_options
def withdraw(session: Session, *, kid: str, reason: str, reissue: bool) -> None:
    """Withdraw a key; one that is withdrawn already is where an interrupted re-issue goes on."""
    from passes.keyring import key_acts
    from passes.keyring.key_register import find_key, withdraw_key

    key_file, at = key_file_of(session), _now()
    with session.transaction(writes=True) as connection:
        if find_key(connection, kid).withdrawn_at is None:
            key_acts.note_alone(connection, key_acts.WITHDRAW, at=at, about=kid, reason=reason)
            withdraw_key(connection, kid, key_file, at=at)
    count = _reissue(session) if reissue else 0
    text = session.say(
        f"密钥 {kid} 已停用，重新核发 {count} 张", f"Key {kid} is withdrawn, {count} passes issued again"
    )
    answer(session, {"ok": True, "kid": kid, "reissued": count}, text)


@click.command("reissue", help="Issue again what withdrawn keys have signed and is still live. / 重新核发。")
@session_options
def reissue_passes(session: Session) -> None:
    """Issue again, going on where a run before was cut short."""
    count = _reissue(session)
    answer(
        session, {"ok": True, "reissued": count}, session.say(f"重新核发 {count} 张", f"{count} passes issued again")
    )


def _reissue(session: Session) -> int:
    from functools import partial

    from passes.reissue.key_reissue import reissue_all

    return reissue_all(
        partial(session.transaction, writes=True),
        lambda done, total: session.tell_progress(f"{done}/{total}", f"{done}/{total}"),
        public_url=session.county.settings.public_url,
        key_file=key_file_of(session),
        now=now,
    )
