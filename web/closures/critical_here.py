"""Which roads of this county must never be closed, now; kept as long as roads and closings stay as they are.

Whether a road is among them is one look: a request that touches one carries a red mark.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from geodata.closures.closure import Closure
from passes.consequence.critical_roads import CriticalityQuestion, ask_criticality
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

_EXTENSION: Final = "baotong-critical-roads"
#: So many answers are kept: of now, without some hubs, for a truck, and without the closures being decided.
_KEPT: Final = 8
#: So many places of a road are named beside its mark.
_NAMED: Final = 6


class _Kept:
    """The newest answers by what was asked of which roads; safe to share between threads."""

    def __init__(self) -> None:
        self._change = threading.Lock()
        self._known: OrderedDict[object, CriticalityQuestion] = OrderedDict()

    def get(self, question: CriticalityQuestion, vehicle: str) -> CriticalityQuestion:
        """Return the same question where it was asked before: of the same roads with the same closings in force."""
        key = (question.county.network.digest, question.closings, vehicle, question.without)
        with self._change:
            known = self._known.setdefault(key, question)
            self._known.move_to_end(key)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known


def critical_here(
    connection: sa.Connection,
    at: datetime,
    *,
    vehicle: str = "car",
    without: Collection[str] = (),
    lifted: Collection[str] = (),
) -> CriticalityQuestion:
    """Return which roads must stay open at a moment, see `passes.consequence.critical_roads.ask_criticality`."""
    county = site().county
    closings = site().engine(connection).closings
    chosen = county.settings.vehicles[vehicle]
    question = ask_criticality(county, closings, at=at, vehicle=chosen, without=without, lifted=lifted)
    kept: _Kept = site().kept.setdefault(_EXTENSION, _Kept())
    return kept.get(question, vehicle)


def critical_marks(connection: sa.Connection, closures: Iterable[Closure], at: datetime) -> list[dict[str, Any]]:
    """Return the critical roads that closures touch, as the record of a request keeps them; most people first.

    What these closures close already does not count: the question is what hangs on their roads.
    """
    closures = tuple(closures)
    index = site().county.network.road_index
    roads = {index.get(span.road_id, -1) for one in closures for span in one.extent}
    known = critical_here(connection, at, lifted=[one.id for one in closures]).by_road
    return [
        {
            "road_id": str(site().county.network.road_id[one.road]),
            "people": one.people,
            "count": len(one.places),
            "places": [place.name for place in one.places[:_NAMED]],
            "way": one.way,
        }
        for one in known.values()
        if one.road in roads
    ]
