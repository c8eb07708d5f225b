"""A signed edition that is not in force yet, packed: its record and its roads, as they will be kept at the switch."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from geodata.windows import format_instant, parse_instant
from passes.driven_way import Passage, Stage, passages_in, stage_of_passages
from passes.pass_register import PassRecord

_LEVEL: Final = 1
_INSTANTS: Final = ("depart_at", "not_before", "expires_at", "issued_at")
_PLAIN: Final = tuple(one.name for one in fields(PassRecord) if one.name not in {*_INSTANTS, "crew", "route"})


@dataclass(frozen=True, slots=True)
class PreparedEdition:
    """What is put into the register when the edition comes in force."""

    record: PassRecord
    stages: tuple[Stage, ...]


def pack_edition(record: PassRecord, stages: Iterable[Stage]) -> bytes:
    """Pack an edition."""
    written: dict[str, Any] = {name: getattr(record, name) for name in _PLAIN}
    written |= {name: format_instant(getattr(record, name)) for name in _INSTANTS}
    written |= {"crew": [dict(one) for one in record.crew], "route": dict(record.route)}
    rows = [
        [one.leg, one.road_id, one.direction, format_instant(one.from_at), format_instant(one.to_at)]
        for one in passages_in(stages)
    ]
    document = {"record": written, "passages": rows}
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)


def unpack_edition(packed: bytes) -> PreparedEdition:
    """Return a packed edition."""
    document = json.loads(zlib.decompress(packed))
    written = document["record"]
    values = {name: written[name] for name in _PLAIN}
    values |= {name: _instant(written[name]) for name in _INSTANTS}
    record = PassRecord(**values, crew=tuple(written["crew"]), route=written["route"])
    rows = document["passages"]
    passages = (Passage(leg, road, way, _instant(start), _instant(end)) for leg, road, way, start, end in rows)
    return PreparedEdition(record, stage_of_passages(passages))


def _instant(text: str) -> datetime:
    return parse_instant(text, where="prepared")
