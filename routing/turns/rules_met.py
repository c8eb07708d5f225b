"""Which turn rules with hours a vehicle breaks on a route: those whose hours hold when it takes the turn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from routing.route import Route
from routing.turns.rules import counts_at
from routing.turns.turn_graph import TurnGraph


def rules_met(graph: TurnGraph, route: Route, *, among: Collection[int], depart_at: datetime) -> frozenset[int]:
    """Return the numbers of the rules broken.

    Parameters
    ----------
    among
        Rules to look at.
    depart_at
        Hours are read on this instant's own clock.
    """
    if not among:
        return frozenset()
    after: dict[int, list[int]] = {}
    for number in among:
        after.setdefault(graph.rules[number].before[-1], []).append(number)
    driven: tuple[int, ...] = ()
    broken: set[int] = set()
    at = depart_at
    for leg in (one for one in route.legs if one.from_m != one.to_m):
        for number in after.get(driven[-1], ()) if driven else ():
            rule = graph.rules[number]
            if rule.forbids(driven, leg.arc) and counts_at(rule.restriction, at):
                broken.add(number)
        driven = (*driven, leg.arc)
        at += timedelta(seconds=leg.duration_s)
    return frozenset(broken)
