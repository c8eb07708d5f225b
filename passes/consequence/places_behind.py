"""Tell for each of many closures and blockages which places it alone would cut off: what lies behind each finding.

Every one is looked at by itself, as if it were closed on its whole extent and the others listed with it were open; the
register's other closings count as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from geodata.closures.closure import Closure
from geodata.closures.states import hypothetical_closings
from geodata.closures.unmatched import matched_part
from geodata.county import County
from geodata.windows import Window
from passes.consequence.settlements import PlaceCutOff, RoadStates, Settlements
from routing.engine import Engine


def places_behind(
    closures: Sequence[Closure], county: County, engine: Engine, *, at: datetime
) -> Mapping[str, tuple[PlaceCutOff, ...]]:
    """Return the places that each closure cuts off, by its id.

    Parameters
    ----------
    engine
        With every closing of the register.
    at
        The instant whose closings count.
    """
    network, ids = county.network, {one.id for one in closures}
    now = tuple(
        one for one in engine.closings if one.closure_id not in ids and (one.window is None or one.window.holds(at))
    )
    settlements = Settlements.of(RoadStates(county, now, ()))
    found: dict[str, tuple[PlaceCutOff, ...]] = {}
    for closure in closures:
        as_closed = replace(matched_part(closure, network), window=Window(at))
        closings = [one._replace(window=None) for one in hypothetical_closings([as_closed], network)]
        found[closure.id] = settlements.cut_off_by(closings)
    return found
