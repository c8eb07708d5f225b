"""`baotong accounts add|list|reset|close`: who may sign in, with which role, for which unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from geodata.errors import BadInputError
from web.answer import answer
from web.options import session_options
from web.session import Session, now

if TYPE_CHECKING:
    from passes.accounts.account_register import Account

#: In the order of design.md; checked again where accounts are kept.
_ROLES = ("T", "E", "C", "P", "TW", "HQ", "S")


def _given(session: Session, account_name: str, password: str) -> str:
    return session.say(
        f"账号 {account_name} 的初始密码：{password}（首次登录必须修改，此处只显示一次）",
        f"First password of {account_name}: {password} (must be changed at the first sign-in; shown only here)",
    )


def _check_unit(session: Session, role: str, unit: str) -> None:
    """Refuse an authority, checkpoint or township that the county does not have.

    Raises
    ------
    BadInputError
        `unit-unknown`, with the units there are.
    """
    known = units_of(session, role)
    if known is not None and unit and unit not in known:
        raise BadInputError("unit-unknown", "--unit", unit=unit, role=role, known=sorted(known)[:30])


def units_of(session: Session, role: str) -> frozenset[str] | None:
    """Return the units that accounts of a role may act for, None where any name will do (a firm)."""
    county = session.county
    if role == "HQ":
        return frozenset(name for policy in county.settings.policies.values() for name in policy.authorities)
    if role == "C":
        return frozenset(place.id for place in county.places.by_id.values() if place.kind == "checkpoint")
    if role == "TW":
        return frozenset(area.name for area in county.areas if area.kind == "township")
    return None


@click.command("add", help="Add an account; its first password is printed once. / 新建账号。")
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="Kind of user. / 岗位。")
@click.option("--unit", default="", help="Firm, checkpoint id, township or authority id. / 单位。")
@session_options
def add(session: Session, *, name: str, role: str, unit: str) -> None:
    """Add an account with a random password that must be changed at the first sign-in."""
    from passes.accounts.account_register import add_account
    from passes.accounts.passwords import hash_password, make_password

    _check_unit(session, role, unit)
    password = make_password()
    hashed = hash_password(password)
    with session.transaction(writes=True) as connection:
        account = add_account(connection, name, role=role, unit=unit, password_hash=hashed, at=now())
    payload = {"ok": True, "name": account.name, "role": role, "unit": unit, "password": password}
    answer(session, payload, _given(session, account.name, password))


@click.command("reset", help="Give an account a new first password. / 重置密码。")
@click.argument("name")
@session_options
def reset(session: Session, *, name: str) -> None:
    """Set a random password; every sign-in of the account ends, and a lock is lifted."""
    from passes.accounts.account_register import account_name, set_password
    from passes.accounts.passwords import hash_password, make_password

    password, known_by = make_password(), account_name(name)
    hashed = hash_password(password)
    with session.transaction(writes=True) as connection:
        set_password(connection, known_by, hashed, must_change=True)
    answer(session, {"ok": True, "name": known_by, "password": password}, _given(session, known_by, password))


@click.command("close", help="Close an account; what it did stays on record. / 停用账号。")
@click.argument("name")
@session_options
def close(session: Session, *, name: str) -> None:
    """Close an account and end its sign-ins."""
    from passes.accounts.account_register import account_name, close_account

    known_by = account_name(name)
    with session.transaction(writes=True) as connection:
        close_account(connection, known_by, at=now())
    answer(session, {"ok": True, "name": known_by}, session.say(f"账号 {known_by} 已停用", f"{known_by} is closed"))


def _row(account: Account) -> dict[str, Any]:
    return {"name": account.name, "role": account.role, "unit": account.unit, "closed": account.closed_at is not None}


@click.command("list", help="Every account with its role. / 列出账号。")
@session_options
def list_accounts(session: Session) -> None:
    """List every account, closed ones too."""
    from passes.accounts import account_register

    with session.transaction(writes=False) as connection:
        rows = [_row(account) for account in account_register.list_accounts(connection)]
    closed = session.say("已停用", "closed")
    lines = [" ".join([row["name"], row["role"], row["unit"], closed if row["closed"] else ""]).strip() for row in rows]
    answer(session, {"ok": True, "accounts": rows}, "\n".join(lines) or session.say("没有账号", "There is no account"))
