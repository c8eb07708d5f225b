"""What routing needs of a closure: which part of which road is closed, in which direction, when, and for whom."""

from __future__ import annotations

from typing import NamedTuple

from geodata.closures.closure import Direction
from geodata.windows import Window


class Closing(NamedTuple):
    """One part of one road that is not passable; a hypothetical one is just another element of the list.

    A named tuple, since an emergency area closes thousands of roads at once and each part is made for it.

    Attributes
    ----------
    closure_id
        The closure or blockage it comes from.
    road
        Road index in the network.
    direction
        Direction of travel that is closed.
    from_m, to_m
        Part along the digitised direction; from_m <= to_m (a barrier at a point has from_m == to_m).
    window
        When; None is always.
    lets_pass_holders_through
        Open for `--holder pass`, closed for the public.
    """

    closure_id: str
    road: int
    direction: Direction
    from_m: float
    to_m: float
    window: Window | None = None
    lets_pass_holders_through: bool = False
