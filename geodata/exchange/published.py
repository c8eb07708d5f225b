"""Cut what is approved of closures into lines in the direction of travel: all that may be told to others (L11).

Nothing that was only asked for, refused, withdrawn or exceeded leaves the house, and nothing whose time is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from geodata.closures.approval import Approval, approval_of
from geodata.closures.closing import Closing
from geodata.closures.closure import Closure, Decision, RoadSpan
from geodata.closures.road_spans import join_spans
from geodata.closures.states import closings_of
from geodata.closures.travel_lines import travel_lines
from geodata.closures.unmatched import matched_part
from geodata.county_settings import CountySettings
from geodata.network import Network
from geodata.windows import Window


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """One approved stretch in one direction of travel.

    Attributes
    ----------
    id
        Of the closure with a running number.
    window
        Approved window.
    line
        WGS-84 positions in the direction of travel.
    spans
        The road parts, in that order.
    orders
        The approvals that stand.
    """

    id: str
    closure: Closure
    window: Window
    line: tuple[tuple[float, float], ...]
    spans: tuple[RoadSpan, ...]
    orders: tuple[Decision, ...]
    lets_pass_holders_through: bool


def published_parts(
    closures: Iterable[Closure], settings: CountySettings, network: Network, *, at: datetime
) -> tuple[PublishedPart, ...]:
    """Return the approved parts in force or to come at an instant, ordered by closure and start."""
    return tuple(part for closure in closures for part in _parts(closure, settings, network, at))


def _parts(registered: Closure, settings: CountySettings, network: Network, at: datetime) -> list[PublishedPart]:
    closure = matched_part(registered, network)
    if closure.window is None:
        return []
    by_time: dict[tuple[Window, bool], list[Closing]] = {}
    for closing in closings_of([replace(closure, observations=())], settings, network):
        window = closing.window
        if window is not None and (window.end is None or window.end > at):
            by_time.setdefault((window, closing.lets_pass_holders_through), []).append(closing)
    approval = approval_of(closure, settings.policy_for(closure.cause), network)
    found: list[PublishedPart] = []
    for (window, lets), closings in sorted(by_time.items(), key=lambda item: item[0][0].start):
        spans = join_spans(
            RoadSpan(str(network.road_id[one.road]), one.direction, one.from_m, one.to_m) for one in closings
        )
        orders = _orders(approval, max(at, window.start))
        for one in travel_lines(spans, network):
            number = f"{closure.id}-{len(found) + 1}"
            found.append(PublishedPart(number, closure, window, one.line, one.spans, orders, lets))
    return found


def _orders(approval: Approval, moment: datetime) -> tuple[Decision, ...]:
    """Return the decisions that approve the closure at a moment, each once."""
    grants = [grant for one in approval.requirements for grant in one.grants if grant.stands(moment)]
    return tuple(dict.fromkeys(grant.decision for grant in grants if grant.holds(moment)))


def road_names(part: PublishedPart, network: Network) -> tuple[str, ...]:
    """Return the numbers and names of a part's roads, each once; their ids where they have neither."""
    roads = [network.road_index[span.road_id] for span in part.spans]
    said = [str(column[road]) for road in roads for column in (network.ref, network.name) if column[road]]
    return tuple(dict.fromkeys(said)) or tuple(dict.fromkeys(span.road_id for span in part.spans))
