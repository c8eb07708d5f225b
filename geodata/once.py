"""What is derived from a thing that never changes is made once and kept with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

MadeT = TypeVar("MadeT")


class Once:
    """For things that never change; two threads that ask at once may make the same twice, and get the same one."""

    def once(self, make: Callable[[Any], MadeT]) -> MadeT:
        """Return what a function makes of this thing, made when it is first asked for."""
        kept = self.__dict__.setdefault("_made_once", {})
        if make not in kept:
            kept.setdefault(make, make(self))
        return cast("MadeT", kept[make])
