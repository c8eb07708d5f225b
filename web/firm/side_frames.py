"""What a worker and the process beside it say to each other: pickled frames, each behind its length."""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final

from geodata.county_settings import CountySettings
from passes.intake.preparing import Ground
from passes.intake.sent_rows import SentRows


def _read_only(members: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(members)


copyreg.pickle(MappingProxyType, lambda one: (_read_only, (dict(one),)))

#: Written before each frame: its length.
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Opening:
    """The first thing that it is told: the county, the database with its password, and the firm's id.

    Attributes
    ----------
    settings
        As they were read by who starts it: where the file says something else by now, it is of no use.
    """

    folder: Path
    settings: CountySettings
    database_url: str
    firm: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The firm's own documents of some rows, to be asked about as of a moment, and the number of their lot."""

    number: int
    documents: Sequence[Mapping[str, Any]]
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a lot's rows, and what it rests on."""

    number: int
    ground: Ground
    rows: SentRows


def write_frame(sink: IO[bytes], content: object) -> None:
    """Write one frame."""
    data = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    sink.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    sink.flush()


def read_frame(source: IO[bytes]) -> Any:
    """Return the content of the next frame.

    Raises
    ------
    EOFError
        There is none any more.
    """
    length = int.from_bytes(_exactly(source, _LENGTH_BYTES), "big")
    return pickle.loads(_exactly(source, length))  # noqa: S301 - from the process that we started, or that started us


def _exactly(source: IO[bytes], count: int) -> bytes:
    data = source.read(count)
    if len(data) < count:
        raise EOFError
    return data
