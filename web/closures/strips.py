"""Lay extents beside each other along the roads of a request: asked, approved and set up as bars on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geodata.closures.closure import RoadSpan
from geodata.closures.road_spans import common_spans, join_spans, length_of

#: Shares of the strip's length, 0 to 1000: what the picture's units are.
WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Strip:
    """One extent on the common scale.

    Attributes
    ----------
    kind
        "asked", "approved" or "standing".
    length_m
        Of the whole extent.
    bars
        Start and width of each part, in thousandths of the scale.
    """

    kind: str
    length_m: float
    bars: tuple[tuple[float, float], ...]


def lay_out(extents: Sequence[tuple[str, Iterable[RoadSpan]]]) -> tuple[Strip, ...]:
    """Return a strip for each extent; the scale is all of their roads one after the other, in the order they come."""
    given = [(kind, tuple(spans)) for kind, spans in extents]
    scale = join_spans(span for _, spans in given for span in spans)
    whole_m = max(sum(one.to_m - one.from_m for one in scale), 1e-9)
    return tuple(Strip(kind, length_of(spans), _bars(spans, scale, whole_m)) for kind, spans in given if spans)


def _bars(spans: tuple[RoadSpan, ...], scale: tuple[RoadSpan, ...], whole_m: float) -> tuple[tuple[float, float], ...]:
    bars, offset = [], 0.0
    for part in scale:
        for one in common_spans(spans, [part]):
            start = offset + one.from_m - part.from_m
            bars.append((round(start / whole_m * WIDTH, 1), round((one.to_m - one.from_m) / whole_m * WIDTH, 1)))
        offset += part.to_m - part.from_m
    return tuple(bars)
