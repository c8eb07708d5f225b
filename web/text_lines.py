"""Read a text file as lines."""

from __future__ import annotations

from pathlib import Path

from geodata.errors import BadInputError


def read_lines(path: Path) -> list[str]:
    """Return the lines of a batch file.

    Raises
    ------
    BadInputError
        `file-missing`, or `batch-unreadable` where it is no UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError("batch-unreadable", str(path), reason=str(error)) from None
