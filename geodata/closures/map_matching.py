"""Find on a newer map the road parts that an older one had: the same line on the ground, whatever its roads are called.

Ids are no proof: when a way was cut elsewhere, its second piece is another road under the same id. A road is the same
where its shape is; every other part is matched by its line, as a drawn closure is, in its direction of travel. What
follows no road of the newer map is not thrown away: it keeps its old road under a name that says of which edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import shapely

from geodata.closures.closure import ALONG, Direction, RoadSpan
from geodata.closures.extent import extent_of_line
from geodata.closures.line_matching import REACH_M
from geodata.closures.road_spans import join_spans, same_extent
from geodata.closures.travel_lines import Line, line_of_span, travel_lines
from geodata.errors import BadInputError
from geodata.map_edition_register import NAME_LENGTH, edition_name
from geodata.network import Network
from geodata.snapping import LocalPlane, RoadIndex

#: Two chains of roads by their ids, or nothing.
Between: TypeAlias = tuple[tuple[str, ...], ...]
_OF_EDITION: Final = re.compile(rf"([0-9a-f]{{{NAME_LENGTH}}}):(.+)")
#: Shapes are compared at points no farther apart than this, metres.
_SAMPLE_M: Final = 5.0
#: The parts of a road that lie this near to each other are one line still.
_SAME_M: Final = 0.01


@dataclass(frozen=True, slots=True)
class Misfit:
    """A road part that the newer map does not have.

    Attributes
    ----------
    span
        On the older map, its road named with its edition.
    code
        Why: what the matching said of its line, or "moved-too-far".
    distance_m
        How far the farthest point of the part is from any road of the newer map; None where it has no roads.
    line
        Where it lay; empty where the older map is not kept.
    between
        Ids of the roads of the newer map that run side by side there, where it lies on either.
    """

    span: RoadSpan
    code: str
    distance_m: float | None
    line: Line = ()
    between: Between = ()


@dataclass(frozen=True, slots=True)
class ExtentMatch:
    """An extent on the newer map.

    Attributes
    ----------
    extent
        Road parts, those that do not fit among them under the names of their edition.
    distance_m
        Greatest (Hausdorff) distance between an old line and the new one that stands for it.
    misfits
        Parts that the newer map does not have.
    """

    extent: tuple[RoadSpan, ...]
    distance_m: float = 0.0
    misfits: tuple[Misfit, ...] = ()


def hausdorff_m(one: Sequence[Line], other: Sequence[Line], plane: LocalPlane) -> float:
    """Return the greatest distance between two sets of lines, in metres; infinity where one of them is empty."""
    if not one or not other:
        return float("inf")
    mine, theirs = (
        shapely.segmentize(shapely.MultiLineString([plane.to_metres(np.array(line)) for line in lines]), _SAMPLE_M)
        for lines in (one, other)
    )
    return float(shapely.hausdorff_distance(mine, theirs))


@dataclass
class MapMatcher:
    """Matches road parts of older maps onto a newer one.

    Parameters
    ----------
    old
        The map that road ids without the name of an edition are of.
    new
        The newer map.
    editions
        Still older maps by name, for parts that did not fit before.
    """

    old: Network
    new: Network
    editions: Mapping[str, Network]

    def __post_init__(self) -> None:
        self.index = RoadIndex(self.new)
        self._same: dict[tuple[str, str], bool] = {}

    def _network_of(self, road_id: str) -> tuple[str, Network | None, str]:
        """Return the edition, the map and the plain id of a road."""
        named = _OF_EDITION.fullmatch(road_id)
        if named is None:
            return edition_name(self.old.digest), self.old, road_id
        return named[1], self.editions.get(named[1]), named[2]

    def is_same(self, road_id: str) -> bool:
        """Tell whether a road of the older map is in the newer one, id, shape and all."""
        edition, network, plain = self._network_of(road_id)
        if (edition, plain) not in self._same:
            self._same[edition, plain] = network is not None and self._has_same(network, plain)
        return self._same[edition, plain]

    def _has_same(self, network: Network, road_id: str) -> bool:
        mine, other = network.road_index.get(road_id), self.new.road_index.get(road_id)
        if mine is None or other is None:
            return False
        shapes = network.line_of(mine), self.new.line_of(other)
        return shapes[0].shape == shapes[1].shape and bool(np.abs(shapes[0] - shapes[1]).max() < 1e-9)

    def match(self, extent: Iterable[RoadSpan]) -> ExtentMatch:
        """Return an extent of an older map on the newer one."""
        kept: list[RoadSpan] = []
        moved: dict[tuple[str, Direction], list[RoadSpan]] = {}
        misfits: list[Misfit] = []
        for span in extent:
            edition, network, plain = self._network_of(span.road_id)
            if self.is_same(span.road_id):
                kept.append(replace(span, road_id=plain))
            elif network is None or plain not in network.road_index:
                misfits.append(_misfit(edition, replace(span, road_id=plain), "road-of-unknown-edition"))
            else:
                moved.setdefault((edition, span.direction), []).append(replace(span, road_id=plain))
        farthest = 0.0
        for (edition, direction), spans in moved.items():
            for found, gap, lost in self._moved(edition, direction, spans):
                kept.extend(found)
                farthest = max(farthest, gap)
                misfits.extend(lost)
        whole = join_spans((*kept, *(one.span for one in misfits)))
        return ExtentMatch(whole, round(farthest, 2), tuple(misfits))

    def _moved(
        self, edition: str, direction: Direction, spans: Sequence[RoadSpan]
    ) -> Iterable[tuple[tuple[RoadSpan, ...], float, tuple[Misfit, ...]]]:
        """Match parts of one edition and direction: roads that go on as one line, else each part alone."""
        network = self._network_of(f"{edition}:{spans[0].road_id}")[1] or self.old
        done: set[str] = set()
        for chain in travel_lines(spans, network):
            ids = {span.road_id for span in chain.spans}
            if direction is Direction.BOTH and ids <= done:
                continue  # the way back over the same roads
            done |= ids
            found, gap, _why, _between = self._match_line(chain.line, direction)
            if found:
                yield found, gap, ()
                continue
            for span in chain.spans:
                yield self._alone(edition, replace(span, direction=direction), network)

    def _alone(
        self, edition: str, span: RoadSpan, network: Network
    ) -> tuple[tuple[RoadSpan, ...], float, tuple[Misfit, ...]]:
        drawn = line_of_span(span, network, LocalPlane(network))
        line = drawn[::-1] if span.direction is Direction.BACKWARD else drawn
        found, gap, code, between = self._match_line(line, span.direction)
        if found:
            return found, gap, ()
        spots = self.index.plane.to_metres(np.array(line))
        far = float(self.index.distances_m(spots).max())
        return (), 0.0, (replace(_misfit(edition, span, code, far, drawn), between=between),)

    def match_drawn(self, lines: Iterable[Line], direction: Direction | str) -> tuple[RoadSpan, ...]:
        """Return the road parts that drawn lines mean on the newer map; none where any of them means none."""
        parts = []
        for line in lines:
            try:
                parts.append(extent_of_line(line, self.index, direction=direction, where=""))
            except BadInputError:
                return ()
        return join_spans(span for part in parts for span in part)

    def _match_line(self, line: Line, direction: Direction) -> tuple[tuple[RoadSpan, ...], float, str, Between]:
        """Return the parts under a line in the direction of travel, how far they are from it, or why there are none."""
        way = Direction.BOTH if direction is Direction.BOTH else ALONG
        try:
            found = extent_of_line(line, self.index, direction=way, where="")
        except BadInputError as fault:
            sides = (fault.facts.get("road_ids"), fault.facts.get("other_road_ids"))
            return (), 0.0, fault.code, tuple(tuple(map(str, one)) for one in sides if isinstance(one, list))
        lines = [line_of_span(span, self.new, self.index.plane) for span in found]
        gap = hausdorff_m([line], lines, self.index.plane)
        return (found, gap, "", ()) if gap <= REACH_M else ((), gap, "moved-too-far", ())


def _misfit(edition: str, span: RoadSpan, code: str, far_m: float = np.inf, line: Line = ()) -> Misfit:
    """Return a part that does not fit, its road named with its edition."""
    named = replace(span, road_id=f"{edition}:{span.road_id}")
    return Misfit(named, code, round(far_m, 1) if np.isfinite(far_m) else None, line)


def is_unchanged(before: tuple[RoadSpan, ...], after: ExtentMatch) -> bool:
    """Tell whether an extent is the same on the newer map, road ids and all."""
    return not after.misfits and same_extent(before, after.extent, within_m=_SAME_M)
