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
from web.session import Session

if TYPE_CHECKING:
    import sqlalchemy as sa

_FILE = click.Path(path_type=Path)


def _origin(session: Session) -> str:
    """Return the name of the county's log."""
    return f"baotong.log/{session.county.settings.area_code}"


def _checkpoint_now(session: Session, connection: sa.Connection) -> Checkpoint:
    from geodata.ledger.register import read_ledger

    return read_ledger(connection).checkpoint(_origin(session))


def _read_file(path: Path) -> Checkpoint:
    try:
        return read_checkpoint(path.read_text(encoding="utf-8"), where=str(path))
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise BadInputError("checkpoint-unreadable", str(path), line=1) from None


def _said(checkpoint: Checkpoint) -> dict[str, object]:
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}


@click.command("verify", help="Check that no record was altered; exit code 1 if one was. / 核对台账。")
@click.option("--checkpoint", "kept", type=_FILE, help="State kept elsewhere to check against. / 另存的台账存照。")
@session_options
def verify(session: Session, *, kept: Path | None) -> None:
    """Check every record against the log, and the log against a checkpoint kept elsewhere."""
    from passes.audit import finding_row, log_findings

    checkpoint = None if kept is None else _read_file(kept)
    with session.transaction(writes=False) as connection:
        findings = log_findings(connection, checkpoint, origin=_origin(session), where=str(kept or ""))
        state = _checkpoint_now(session, connection)
    payload = {"ok": not findings, **_said(state), "findings": [dict(finding_row(one)) for one in findings]}
    if checkpoint is not None:
        payload["checkpoint"] = _said(checkpoint)
    head = session.say(
        f"台账 {state.size} 条," + (f"发现 {len(findings)} 个问题" if findings else "没有改动"),
        f"{state.size} log entries, " + (f"{len(findings)} findings" if findings else "none altered"),
    )
    code = ExitCode.RULE_SAYS_NO if findings else ExitCode.DONE
    answer(session, payload, "\n".join([head, *finding_text(findings, session)]), code=code)


@click.command("checkpoint", help="Print the log's state, or write it to a file kept elsewhere. / 台账存照。")
@click.option("--out", type=_FILE, help="File to write. / 写入文件。")
@session_options
def checkpoint(session: Session, *, out: Path | None) -> None:
    """Print or write the checkpoint: origin, size and root, a line each."""
    from geodata.geojson import write_whole

    with session.transaction(writes=False) as connection:
        state = _checkpoint_now(session, connection)
    if out is not None:
        write_whole(out, state.text.encode())
    text = session.say(f"已写入 {out}", f"Written to {out}") if out else state.text.rstrip("\n")
    answer(session, {"ok": True, **_said(state), "text": state.text}, text)
