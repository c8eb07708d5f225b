"""Know the checkpoint of the person who asks: the account's own, else the one chosen on this device."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import request

from geodata.errors import BadInputError
from geodata.places import PlaceKind
from web.shell.access import who
from web.site import site

if TYPE_CHECKING:
    from geodata.places import Place

POST_COOKIE: Final = "baotong-checkpoint"
#: Roads so near to a checkpoint are its own, as trips count a checkpoint as passed.
NEAR_M: Final = 60.0
#: A void pass that was let pass elsewhere is looked out for so long.
VOID_REMEMBERED: Final = timedelta(hours=24)


def checkpoints() -> tuple[Place, ...]:
    """Return every checkpoint of the county."""
    return site().county.places.of_kind(PlaceKind.CHECKPOINT)


def own_checkpoint() -> Place | None:
    """Return the checkpoint that the account is bound to, None where it may choose."""
    return next((one for one in checkpoints() if who().unit in {one.id, one.name}), None)


def checkpoint_here() -> Place | None:
    """Return the checkpoint of this device; None where none was chosen yet."""
    chosen = request.cookies.get(POST_COOKIE, "")
    return own_checkpoint() or next((one for one in checkpoints() if one.id == chosen), None)


def here_or_refuse() -> Place:
    """Return the checkpoint of this device.

    Raises
    ------
    BadInputError
        `checkpoint-not-yours`: none was chosen yet.
    """
    here = checkpoint_here()
    if here is None:
        raise BadInputError("checkpoint-not-yours", "checkpoint")
    return here


def roads_of(checkpoint: Place) -> tuple[str, ...]:
    """Return the ids of the roads that a checkpoint watches: those beside it, else the nearest."""
    index = site().county.road_index
    near = index.roads_near(checkpoint.lon, checkpoint.lat, within_m=NEAR_M)
    if not near:
        import numpy as np

        usable = np.ones(index.network.road_count, dtype=np.bool_)
        near = (index.snap(checkpoint.lon, checkpoint.lat, usable=usable).road,)
    return tuple(str(index.network.road_id[road]) for road in near)
