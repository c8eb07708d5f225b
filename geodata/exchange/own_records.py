"""Know what the register itself wrote of closures that lie on roads which the map does not have any more.

Such a closure is exported as it was drawn on an older map. Matched to the roads of the newer one its line would mean
others, or none: a row that says just what the register would write of it now stands for the registered closure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geodata.closures.closure import Closure
from geodata.closures.features import closure_feature
from geodata.closures.unmatched import unmatched_roads
from geodata.errors import BadInputError
from geodata.exchange.records import record_of
from geodata.network import Network


def rows_as_written(
    features: Iterable[Mapping[str, Any]], closures: Mapping[str, Closure], network: Network
) -> dict[int, Closure]:
    """Return the closures whose rows say what the register would write of them, by the place of the row, from 0.

    Parameters
    ----------
    closures
        Those on record, by id.
    """
    found = {}
    for place, feature in enumerate(features):
        closure = closures.get(_id_of(feature))
        if closure is not None and unmatched_roads(closure, network) and _is_written(feature, closure, network):
            found[place] = closure
    return found


def _id_of(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties")
    return str(properties.get("id", "")) if isinstance(properties, Mapping) else ""


def _is_written(feature: Mapping[str, Any], closure: Closure, network: Network) -> bool:
    """Tell whether a row is the closure's own; one that is no record at all is left to who reads the file."""
    try:
        return record_of(feature) == record_of(closure_feature(closure, network))
    except (BadInputError, KeyError, TypeError, IndexError, AttributeError):
        return False
