"""The line of a pass with what was written of it: thousands of passes over the same ways draw the same corridors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from passes.tokens.polyline import encode_line
from passes.tokens.signing import write_json

if TYPE_CHECKING:
    from routing.corridor import Corridor


class CorridorSource(Protocol):
    """What draws the corridor of one trip, as fine as is asked for."""

    @property
    def most_points(self) -> int:
        """The most points that make a difference."""

    def corridor(self, most_points: int) -> Corridor:
        """Draw a corridor of at most so many points, two or more."""


#: The two claims that a corridor fills, as they stand next to each other in what is signed.
UNDRAWN: Final = b'"cor":"","tol":0'


@dataclass(eq=False)
class DrawnLine:
    """A line of which every corridor is drawn and written once; safe to share between threads.

    Attributes
    ----------
    fitted
        With how many points the pass before fitted; None before the first.
    """

    source: CorridorSource
    fitted: int | None = None
    _written: dict[int, tuple[Corridor, bytes]] = field(default_factory=dict, repr=False)

    @property
    def most_points(self) -> int:
        """The most points that make a difference."""
        return self.source.most_points

    def corridor(self, most_points: int) -> Corridor:
        """Draw a corridor of at most so many points, two or more."""
        return self.written(most_points)[0]

    def written(self, most_points: int) -> tuple[Corridor, bytes]:
        """Return a corridor, and the two claims that it fills as they are signed."""
        known = self._written.get(most_points)
        if known is None:
            drawn = self.source.corridor(most_points)
            claims = write_json({"cor": encode_line(drawn.points), "tol": drawn.tolerance_m})
            known = self._written[most_points] = drawn, claims[1:-1]
        return known


def drawn_line(line: CorridorSource) -> DrawnLine:
    """Return a line that remembers what was written of it."""
    return line if isinstance(line, DrawnLine) else DrawnLine(line)
