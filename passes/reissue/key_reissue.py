"""The stolen-key drill: sign every live pass of a withdrawn key again, some thousand a transaction.

No rule is asked again and no road looked for. A pass is either void with nothing in its place, or replaced by its next
edition, never both and never twice: each transaction looks at what is still void. So a run that was cut short goes on
wherever it is started again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from passes.editions.pass_register import read_passes
from passes.keyring.key_register import open_key_ring
from passes.reissue.signing_again import sign_again
from passes.reissue.void_register import count_void, void_passes

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Passes of one transaction: half a second, in which nobody else writes.
CHUNK: Final = 2_000
REASON: Final = "key-withdrawn"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    last
        The last pass (jti) that was looked at, "" at the start.
    """

    done: int = 0
    last: str = ""


def reissue_chunk(
    connection: sa.Connection, so_far: Progress, *, public_url: str, key_file: Path, at: datetime, most: int = CHUNK
) -> Progress | None:
    """Sign the next passes again within the caller's transaction; None where none is left.

    Raises
    ------
    SurroundingsError
        `no-signing-key`: the root has not signed for the key that takes over.
    """
    jtis = void_passes(connection, at=at, after=so_far.last, most=most)
    if not jtis:
        return None
    key = open_key_ring(connection, key_file, at=at).current(at)
    made = sign_again(connection, read_passes(connection, jtis), key=key, public_url=public_url, at=at, reason=REASON)
    return Progress(so_far.done + len(made), jtis[-1])


def reissue_all(
    writing: Callable[[], AbstractContextManager[sa.Connection]],
    tell: Callable[[int, int], None],
    *,
    public_url: str,
    key_file: Path,
    now: Callable[[], datetime],
) -> int:
    """Sign every void pass again, a transaction a chunk; return how many.

    Parameters
    ----------
    writing
        Opens a writer's transaction.
    tell
        Is told how many are done, and of how many.
    now
        Gives the time, which goes on meanwhile.
    """
    with writing() as connection:
        total = count_void(connection, at=now())
    so_far: Progress | None = Progress()
    done = 0
    while so_far is not None:
        done = so_far.done
        tell(done, max(total, done))
        with writing() as connection:
            so_far = reissue_chunk(connection, so_far, public_url=public_url, key_file=key_file, at=now())
    return done
