"""Which part of the public feed an address asks for, as OGC API - Features does it, and what tells one state of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from geodata.closures.approved_part import ApprovedPart
from geodata.county import FolderState


@dataclass(frozen=True, slots=True)
class FeedAsked:
    """A part of the feed: `limit` closures behind the first `offset`; all of them where no limit is asked for."""

    limit: int | None = None
    offset: int = 0

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> FeedAsked:
        """Read an address; what is no number is not asked for."""
        limit, offset = (_number(asked.get(name, "")) for name in ("limit", "offset"))
        return cls(limit or None, offset or 0)

    def cut(self, parts: Sequence[ApprovedPart]) -> Sequence[ApprovedPart]:
        """Return what is asked for of everything in force."""
        return parts[self.offset :] if self.limit is None else parts[self.offset : self.offset + self.limit]

    def links(self, total: int) -> dict[str, Any]:
        """Return what the document of a part says beside its features; nothing where all was asked for."""
        if self.limit is None and not self.offset:
            return {}
        end = total if self.limit is None else min(self.offset + self.limit, total)
        found: dict[str, Any] = {"numberMatched": total, "numberReturned": max(0, end - self.offset), "links": []}
        if end < total:
            address = url_for("orders.public_geojson", limit=self.limit, offset=end)
            found["links"].append({"rel": "next", "type": "application/geo+json", "href": address})
        return found


def feed_tag(parts: Sequence[ApprovedPart], version: int, files: FolderState) -> str:
    """Return what is another one as soon as a feed of these parts says anything else.

    Everything that it says of a part follows from the register's version, the county's files, and the part's own time.
    """
    told = [version, files, *((one.closure.id, one.window.start.isoformat()) for one in parts)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
