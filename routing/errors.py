"""What goes wrong in routing: there is no route."""

from __future__ import annotations

from geodata.errors import BaotongError
from routing.route import NoRoute


class NoRouteError(BaotongError, LookupError):
    """A trip cannot be planned because one of its stages has no route (exit code 4).

    Parameters
    ----------
    no_route
        Why: "no-route" with the closures that cut it, or "unreachable".
    origin, destination
        Names of the two ends of the stage.
    """

    def __init__(self, no_route: NoRoute, origin: str = "", destination: str = "") -> None:
        super().__init__(
            no_route.code,
            f"{origin} -> {destination}" if origin or destination else "",
            origin=origin,
            destination=destination,
            blocking=list(no_route.blocking),
            proven=no_route.proven,
        )
        self.no_route = no_route
