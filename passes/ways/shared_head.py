"""The head of a route without its times: thousands of passes make the same stops and drive the same sections.

It is kept once, with the ways, known by a digest of what it says; every instant in it is written as microseconds after
the departure. A pass adds only the head's name, its own departure, and whence it comes in the applicant's words. What
is shared is never deleted, so it names no person: a trip with a stop that renews somebody's condition, or at a bare
position that somebody named, keeps its head with its pass (`pass_route`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from geodata.windows import format_instant, parse_instant
from passes.ways.driven_way import from_us, to_us

#: What is kept with a pass whose head is shared begins so; what is packed by itself never does (RFC 1950, 2.2).
_MARK: Final = b"@"
_DIGEST_BYTES: Final = 18
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: Unpacked heads remembered at most; the same ones are asked for again and again.
_KEPT: Final = 512
_TIMES: Final = ("depart_at", "arrive_at", "end_at")
#: Members of the objects in each list of a head that are instants.
_TIMES_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "stops": ("arrive_at", "leave_at"),
    "checkpoints": ("at",),
    "areas": ("enter_at", "leave_at"),
}


@dataclass(frozen=True, slots=True)
class SharedHead:
    """What passes have in common: the name that it is known by, and what is kept."""

    name: str
    packed: bytes

    def of_departure(self, depart_at: datetime, outside: Sequence[str]) -> bytes:
        """Return what a pass keeps of it: when it departs, and what its stops stand for outside the county."""
        return b"%b%b %d %b" % (_MARK, self.name.encode(), to_us(depart_at), _WRITTEN(list(outside)).encode())


def _moved(head: Mapping[str, Any], move: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a head with each of its instants written otherwise."""
    moved = {**head, **{key: move(head[key]) for key in _TIMES}}
    for part, times in _TIMES_IN.items():
        moved[part] = [{**one, **{key: move(one[key]) for key in times}} for one in head[part]]
    return moved


def shared_head(head: Mapping[str, Any]) -> SharedHead:
    """Return the head that a trip shares with all that differ from it by their departure alone."""
    start_us = to_us(parse_instant(head["depart_at"], where="depart_at"))
    without = _moved(head, lambda text: to_us(parse_instant(text, where="head")) - start_us)
    # These are the applicant's own words.
    without["stops"] = [{**one, "outside": ""} for one in without["stops"]]
    written = _WRITTEN(without).encode()
    name = base64.urlsafe_b64encode(hashlib.sha256(written).digest()[:_DIGEST_BYTES]).decode("ascii")
    return SharedHead(name, zlib.compress(written))


def head_name(packed: bytes) -> str:
    """Return the name of the head that a pass shares, "" where its head is its own."""
    return packed[len(_MARK) :].partition(b" ")[0].decode() if packed.startswith(_MARK) else ""


@lru_cache(maxsize=_KEPT)
def _content(packed_head: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(packed_head))
    return content


def head_driven(packed: bytes, packed_head: bytes) -> dict[str, Any]:
    """Return the head of one pass, with its times; not to be changed."""
    _, start, outside = packed.split(b" ", 2)
    start_us = int(start)
    head = _moved(_content(packed_head), lambda after_us: format_instant(from_us(start_us + after_us)))
    for stop, words in zip(head["stops"], json.loads(outside), strict=True):
        stop["outside"] = words
    return head
