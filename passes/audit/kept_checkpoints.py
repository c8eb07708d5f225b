"""Checkpoints kept in files outside the database, one for every day, and what they say of the log (K14).

Whoever changes the database and mends its log changes the roots that were signed before; whoever cuts its tail off has
fewer entries than were signed. A newer checkpoint takes the place of its day's only where the log goes on from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.geojson import write_whole
from geodata.ledger.rules import CHECK, log_continues
from geodata.ledger.tree import Checkpoint, read_checkpoint, roots_at
from passes.orders.log_checkpoint import checkpoint_signer, log_origin

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county import County
    from geodata.ledger.register import Ledger
    from passes.verifying.key_list import KeyList

FOLDER: Final = "checkpoints"


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A file of the folder.

    Attributes
    ----------
    checkpoint
        None where the file is no checkpoint any more.
    """

    path: Path
    checkpoint: Checkpoint | None


def checkpoint_folder(county: County, connection: sa.Connection) -> Path | None:
    """Return where a database's checkpoints lie in the county folder; None for one that is in no file and no server."""
    database = connection.engine.url.database
    return county.folder / FOLDER / Path(database).stem if database else None


def kept_checkpoints(folder: Path | None) -> tuple[KeptCheckpoint, ...]:
    """Return every checkpoint of a folder, by day."""
    paths = sorted(folder.glob("*.txt")) if folder is not None and folder.is_dir() else []
    return tuple(KeptCheckpoint(path, _read(path)) for path in paths)


def _read(path: Path) -> Checkpoint | None:
    try:
        return read_checkpoint(path.read_text(encoding="utf-8"), where=path.name)
    except (OSError, UnicodeDecodeError, BadInputError):
        return None


def kept_findings(ledger: Ledger, county: County, keys: KeyList, *, folder: Path | None) -> Iterator[Finding]:
    """K14 (L11): the log goes on from every checkpoint kept outside, and each is signed as it was.

    One finding for the log, from the oldest checkpoint that it does not go on from; one for every file that somebody
    altered.

    Parameters
    ----------
    keys
        Every key there ever was: also one withdrawn since tells what the log was when it signed.
    """
    origin, good = log_origin(county.settings), []
    for kept in kept_checkpoints(folder):
        if kept.checkpoint is None or not _is_ours(kept.checkpoint, keys, origin):
            facts = {"road": None, "how": "checkpoint-altered", "count": 1, "file": kept.path.name, "cure": "restore"}
            yield Finding(CHECK, "L11", kept.path.name, facts)
        else:
            good.append(kept.checkpoint)
    roots = roots_at([leaf.hash for leaf in ledger.leaves], [one.size for one in good])
    broken = next((one for one in good if roots.get(one.size) != one.root), None)
    if broken is not None:
        finding = log_continues(ledger, broken, origin=origin, where=FOLDER)
        if finding is not None:
            yield finding


def _is_ours(checkpoint: Checkpoint, keys: KeyList, origin: str) -> bool:
    try:
        checkpoint_signer(checkpoint, keys, where=origin)
    except BadInputError:
        return False
    return checkpoint.origin == origin


def keep_checkpoint(ledger: Ledger, checkpoint: Checkpoint, folder: Path, *, at: datetime) -> Path | None:
    """Write a checkpoint into its day's file; None where the log does not go on from one kept before, or is no longer.

    Parameters
    ----------
    ledger
        The log that the checkpoint was made of.
    at
        The moment, on the county's clock: its date names the file.

    Raises
    ------
    SurroundingsError
        `disk-write-failed`.
    """
    known = [one.checkpoint for one in kept_checkpoints(folder) if one.checkpoint is not None]
    if any(one.size == checkpoint.size and one.root == checkpoint.root for one in known):
        return None
    roots = roots_at([leaf.hash for leaf in ledger.leaves], [one.size for one in known])
    if any(roots.get(one.size) != one.root for one in known):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{at:%Y-%m-%d}.txt"
    write_whole(path, checkpoint.text.encode())
    return path
