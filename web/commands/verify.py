"""`baotong pass verify`: judge a token or a code, offline from files or against the county's own register."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import click

from geodata.geojson import read_json
from passes.errors import RefusedTokenError
from passes.reading.positions import read_position
from passes.tokens.front_door import LONGEST_TOKEN
from passes.verifying.key_list import KeyList, read_key_list
from passes.verifying.status_list import STATUS_LIST, read_status_list
from passes.verifying.trust import Trust
from passes.verifying.verdicts import VerdictRules, verdict_rules_of
from passes.verifying.verify import read_token, verify_pass
from web.answer import ExitCode, answer
from web.options import instant_option, session_options
from web.session import Session, now
from web.verdict_text import verdict_json, verdict_text

if TYPE_CHECKING:
    from passes.tokens.keys import PublicKey
    from passes.verifying.status_list import StatusList

EXIT_CODES: Final = {"green": ExitCode.DONE, "amber": ExitCode.AMBER, "red": ExitCode.RED}
_STDIN: Final = "-"


@click.command(help="Judge a pass: its token, or the URL of its code; - reads it from stdin. / 核验通行证。")
@click.argument("token")
@click.option("--jwks", type=click.Path(path_type=Path), help="Public keys: verify offline. / 公钥文件，离线核验。")
@click.option("--bundle", type=click.Path(path_type=Path), help="Keys and lists as one, offline. / 公钥与名单包。")
@click.option("--root", type=click.Path(path_type=Path), help="Root that must vouch for the keys. / 根公钥。")
@click.option("--status-list", "list_file", type=click.Path(path_type=Path), help="Status list. / 作废名单文件。")
@click.option("--plate", help="Plate on the truck. / 车上的车牌。")
@click.option("--position", help='Where it stands, "lon,lat". / 车辆所在位置。')
@instant_option("--at", default_now=False)
@session_options
def verify(  # noqa: PLR0913 - one parameter an option
    session: Session,
    *,
    token: str,
    jwks: Path | None,
    bundle: Path | None,
    root: Path | None,
    list_file: Path | None,
    plate: str | None,
    position: str | None,
    at: datetime | None,
) -> None:
    """Judge a pass: exit code 0 green, 10 amber, 20 red.

    Only a check at the present moment uses and feeds the memory of lists seen (`web.seen_lists`): --at asks about
    another one.
    """
    moment = at or now()
    text = _read_stdin() if token == _STDIN else token
    place = None if position is None else read_position(position, where="--position")
    files = _Files(jwks, bundle, root, list_file)
    with _open_trust(session, text, files, at=moment, is_now=at is None) as trust:
        verdict = verify_pass(text, trust, at=moment, plate=plate, position=place)
        rules = trust.keys.rules
    shown = verdict_text(verdict, rules, session.lang)
    answer(session, verdict_json(verdict, rules, session.lang), shown, code=EXIT_CODES[verdict.verdict])


def _read_stdin() -> str:
    """Read at most a little more than a token can be: what is longer is refused by its length alone."""
    data = sys.stdin.buffer.read(3 * LONGEST_TOKEN)
    return data.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class _Files:
    """What a verdict is to rest on besides the register: a bundle, or a key list and a status list."""

    jwks: Path | None
    bundle: Path | None
    root: Path | None
    status_list: Path | None

    @property
    def root_key(self) -> PublicKey | None:
        """The root that must vouch for the keys."""
        from passes.keyring.root_key import public_root

        return None if self.root is None else public_root(read_json(self.root), where=str(self.root))


@contextmanager
def _open_trust(session: Session, text: str, files: _Files, *, at: datetime, is_now: bool) -> Iterator[Trust]:
    """Open what the verdict rests on: files alone with --jwks or --bundle, else the county's register.

    What is no token at all needs neither.
    """
    if not _is_token(text):
        yield Trust(KeyList({}))
    elif files.bundle is not None:
        yield _trust_bundle(session, files.bundle, files, is_now=is_now)
    elif files.jwks is not None:
        keys = read_key_list(read_json(files.jwks), where=str(files.jwks), root=files.root_key)
        yield _trust_files(session, keys, files.status_list, is_now=is_now)
    else:
        with _open_register(session, files.status_list, at, is_now=is_now) as trust:
            yield trust


def _trust_bundle(session: Session, path: Path, files: _Files, *, is_now: bool) -> Trust:
    """Return keys and lists of a bundle; one older than this machine has seen is refused."""
    from passes.verifying.bundle import accept_newer_bundle, read_bundle, seen_of
    from passes.verifying.status_list import StatusLists
    from web.commands.root import read_text
    from web.seen_bundles import remember_bundle, seen_bundle

    root = files.root_key
    found = read_bundle(read_text(path).strip(), None, where=str(path), root=root)
    if is_now:
        name = f"{found.keys.issuer} {'-' if root is None else root.kid}"
        found = accept_newer_bundle(seen_bundle(name), found, where=str(path))
        remember_bundle(session, name, seen_of(found))
    others = MappingProxyType({issuer: StatusLists(lists) for issuer, lists in found.foreign.items()})
    return Trust(found.keys, StatusLists(found.lists) if found.lists else None, others=others)


def _trust_files(session: Session, keys: KeyList, list_file: Path | None, *, is_now: bool) -> Trust:
    """Return keys and list of files; a check at the present moment minds which lists were seen before."""
    found = None if list_file is None else load_status_list(list_file, keys)
    if not is_now:
        return Trust(keys, found)
    from web.seen_lists import trust_with_memory

    return trust_with_memory(session, keys, found)


def _is_token(text: str) -> bool:
    try:
        read_token(text)
    except RefusedTokenError:
        return False
    return True


@contextmanager
def _open_register(session: Session, list_file: Path | None, at: datetime, *, is_now: bool) -> Iterator[Trust]:
    from passes.editions.status_register import RegisterStatuses
    from passes.keyring.foreign_lists_register import foreign_statuses
    from passes.keyring.key_register import public_key_list

    issuer, rules = session.county.settings.area_code, county_rules(session)
    with session.transaction(writes=False) as connection:
        keys = public_key_list(connection, issuer=issuer, at=at, rules=rules)
        if list_file is None:
            yield Trust(keys, RegisterStatuses(connection, at), others=foreign_statuses(connection, keys.others))
        else:
            yield _trust_files(session, keys, list_file, is_now=is_now)


def county_rules(session: Session) -> VerdictRules:
    """Return what the county's policy sets of verdicts."""
    settings = session.county.settings
    return verdict_rules_of(settings.policy, timezone=settings.timezone.key)


def load_status_list(path: Path, keys: KeyList) -> StatusList:
    """Read a signed status list from a file, as `pass status-list` writes it, with or without --json.

    Raises
    ------
    BadInputError
        `file-missing`, or what is wrong with the list.
    """
    return read_status_list(read_list_text(path), keys, where=str(path))


def read_list_text(path: Path) -> str:
    """Return the signed status list of a file as it stands there.

    Raises
    ------
    BadInputError
        `file-missing`, `status-list-unreadable`.
    """
    from geodata.errors import BadInputError

    try:
        with path.open("rb") as file:
            text = file.read(STATUS_LIST.longest + 1_000).decode("utf-8", errors="replace").strip()
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except OSError as error:
        raise BadInputError("status-list-unreadable", str(path), fault=error.strerror or str(error)) from None
    if text.startswith("{"):
        document = read_json(path)
        text = str(document.get("token", "")) if isinstance(document, dict) else ""
    return text
