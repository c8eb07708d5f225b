"""The newest version of every closure, kept ready in this process: ten thousand take a second to read anew.

What a change added is read from the log: only the closures that it is about are read again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.closures.records import TABLES
from geodata.closures.register import closure_set_version, list_closures
from geodata.collector import collector_resting
from geodata.ledger.register import LEDGER_SIZE, subjects_since
from geodata.store import read_counter

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.closures.closure import Closure

#: More changed closures than these are read with all others.
_MOST_ALONE: Final = 500


@dataclass(frozen=True, slots=True)
class _Known:
    """Closures by id as of a version of the register, and how long the log was."""

    version: int
    size: int
    closures: Mapping[str, Closure]


class KnownClosures:
    """The register's closures at the version that a transaction sees; safe to share between threads."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._change = threading.Lock()

    def list(self, connection: sa.Connection, *, keeps: bool) -> tuple[Closure, ...]:
        """Return the newest version of every closure and blockage, ordered by id, as `list_closures`.

        Parameters
        ----------
        connection
            The caller's transaction.
        keeps
            Keep what was read for the next question: only for a transaction that changes nothing, since a change that
            is rolled back would leave its version number to another one.

        Raises
        ------
        SurroundingsError
            `closure-record-damaged`.
        """
        version, known = closure_set_version(connection), self._known
        if known is None or known.version != version:
            known = self._read(connection, version, known)
            if keeps:
                with self._change:
                    if self._known is None or self._known.version < version:
                        self._known = known
        return tuple(known.closures.values())

    @collector_resting()
    def _read(self, connection: sa.Connection, version: int, known: _Known | None) -> _Known:
        size = read_counter(connection, LEDGER_SIZE)
        changed: tuple[str, ...] | None = None
        if known is not None and known.version < version and known.size <= size:
            changed = subjects_since(connection, known.size, kinds=TABLES)
        if known is None or changed is None or len(changed) > _MOST_ALONE:
            return _Known(version, size, {one.id: one for one in list_closures(connection)})
        newer = {**known.closures, **{one.id: one for one in list_closures(connection, changed)}}
        return _Known(version, size, {key: newer[key] for key in sorted(newer)})
