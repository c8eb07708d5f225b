"""`baotong log verify|checkpoint`: whether the history was altered, and its state to be kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geodata.errors import BadInputError
from geodata.ledger.tree import Checkpoint, read_checkpoint
from web.answer import ExitCode, answer
from web.closure_text import finding_text
from web.options import session_options
from web.session import Session, now

if TYPE_CHECKING:
    import sqlalchemy as sa

_FILE = click.Path(path_type=Path)


def _read_file(path: Path) -> Checkpoint:
    try:
        return read_checkpoint(path.read_text(encoding="utf-8"), where=str(path))
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise BadInputError("checkpoint-unreadable", str(path), line=1) from None


def _said(checkpoint: Checkpoint) -> dict[str, object]:
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}


def _signer(session: Session, connection: sa.Connection, kept: Path, *, jwks: Path | None) -> tuple[Checkpoint, str]:
    """Return a kept checkpoint and the name of the key that signed it: one of the file's keys, else of the register's.

    Raises
    ------
    BadInputError
        What is wrong with either file, `checkpoint-of-another-log`, or why no signature holds.
    """
    from geodata.geojson import read_json
    from passes.keyring.key_register import public_key_list
    from passes.orders.log_checkpoint import checkpoint_signer, log_origin
    from passes.verifying.key_list import read_key_list

    found, settings = _read_file(kept), session.county.settings
    origin = log_origin(settings)
    if found.origin != origin:
        raise BadInputError("checkpoint-of-another-log", str(kept), origin=found.origin, expected=origin)
    if jwks is not None:
        keys = read_key_list(read_json(jwks), where=str(jwks))
    else:
        keys = public_key_list(connection, issuer=settings.area_code, at=now())
    return found, checkpoint_signer(found, keys, where=str(kept)).kid


@click.command("verify", help="Check that no record was altered; exit code 1 if one was. / 核对台账。")
@click.option("--checkpoint", "kept", type=_FILE, help="State kept elsewhere to check against. / 另存的台账存照。")
@click.option("--jwks", type=_FILE, help="Keys kept elsewhere, as `keys export` writes them. / 另存的公钥清单。")
@session_options
def verify(session: Session, *, kept: Path | None, jwks: Path | None) -> None:
    """Check every record against the log, and the log against checkpoints kept outside the database."""
    from geodata.ledger.register import read_ledger
    from passes.audit.audit import finding_row, log_findings
    from passes.orders.log_checkpoint import log_origin

    county = session.county
    with session.transaction(writes=False) as connection:
        checkpoint, kid = (None, "") if kept is None else _signer(session, connection, kept, jwks=jwks)
        findings = log_findings(connection, county, checkpoint, where=str(kept or ""))
        state = read_ledger(connection).checkpoint(log_origin(county.settings))
    payload = {"ok": not findings, **_said(state), "findings": [dict(finding_row(one)) for one in findings]}
    if checkpoint is not None:
        payload["checkpoint"] = {**_said(checkpoint), "signed_by": kid}
    head = session.say(
        f"台账 {state.size} 条，" + (f"发现 {len(findings)} 个问题" if findings else "没有改动"),
        f"{state.size} log entries, " + (f"{len(findings)} findings" if findings else "none altered"),
    )
    code = ExitCode.RULE_SAYS_NO if findings else ExitCode.DONE
    answer(session, payload, "\n".join([head, *finding_text(findings, session)]), code=code)


@click.command("checkpoint", help="Print the log's signed state, or write it to a file. / 台账存照。")
@click.option("--out", type=_FILE, help="File to write. / 写入文件。")
@session_options
def checkpoint(session: Session, *, out: Path | None) -> None:
    """Print or write a signed checkpoint, and keep it among those of the county folder."""
    from geodata.geojson import write_whole
    from web.key_file import key_file_of
    from web.log_keeping import keep_state

    state = keep_state(session.store, session.county, key_file_of(session), at=now())
    if out is not None:
        write_whole(out, state.text.encode())
    text = session.say(f"已写入 {out}", f"Written to {out}") if out else state.text.rstrip("\n")
    answer(session, {"ok": True, **_said(state), "text": state.text}, text)
