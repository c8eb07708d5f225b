"""Keep the green channels that were designated: which hub, to which place outside, over which roads there and back.

Rows are only added to; a channel that is given up says when and by whom. What a route was designated on, other than the
closings of the day, is the network of its digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant
from routing.green_channels import ChannelLeg

GREEN_CHANNELS: Final = sa.Table(
    "green_channels",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("hub", sa.String(200), nullable=False, index=True),
    sa.Column("area", sa.String(200), nullable=False),
    sa.Column("out_to", sa.String(200), nullable=False),
    sa.Column("back_from", sa.String(200), nullable=False),
    sa.Column("out_legs", sa.JSON, nullable=False),
    sa.Column("back_legs", sa.JSON, nullable=False),
    sa.Column("out_min", sa.Float, nullable=False),
    sa.Column("back_min", sa.Float, nullable=False),
    sa.Column("network_digest", sa.String(64), nullable=False),
    sa.Column("designated_by", sa.String(100), nullable=False),
    sa.Column("designated_at", Instant, nullable=False),
    sa.Column("ended_by", sa.String(100), nullable=False),
    sa.Column("ended_at", Instant),
)


@dataclass(frozen=True, slots=True)
class GreenChannel:
    """A designated route of a hub (L12).

    Attributes
    ----------
    id
        0 for one that is only proposed.
    out_to, back_from
        Ids of the places outside; one place as a rule, two where an expressway's entry serves one direction only.
    """

    hub: str
    area: str
    out_to: str
    back_from: str
    out_legs: tuple[ChannelLeg, ...]
    back_legs: tuple[ChannelLeg, ...]
    out_min: float
    back_min: float
    network_digest: str
    designated_by: str = ""
    designated_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    id: int = 0

    @property
    def legs(self) -> tuple[ChannelLeg, ...]:
        """Out and back."""
        return (*self.out_legs, *self.back_legs)


def _legs(rows: Sequence[Mapping[str, Any]]) -> tuple[ChannelLeg, ...]:
    return tuple(ChannelLeg(**row) for row in rows)


def _channel(row: sa.Row[Any]) -> GreenChannel:
    values = dict(row._mapping)
    return GreenChannel(**{**values, "out_legs": _legs(values["out_legs"]), "back_legs": _legs(values["back_legs"])})


def list_channels(connection: sa.Connection, *, at: datetime | None = None) -> tuple[GreenChannel, ...]:
    """Return the designated channels in order; with a time those that stood then, else also those given up."""
    table = GREEN_CHANNELS.c
    query = sa.select(GREEN_CHANNELS).order_by(table.id)
    if at is not None:
        query = query.where(table.designated_at <= at, sa.or_(table.ended_at.is_(None), table.ended_at > at))
    return tuple(_channel(row) for row in connection.execute(query))


def designate_channel(connection: sa.Connection, channel: GreenChannel, *, by: str, at: datetime) -> int:
    """Keep a channel as designated and return its number."""
    values = {name: getattr(channel, name) for name in ("hub", "area", "out_to", "back_from", "network_digest")}
    values |= {name: [asdict(one) for one in getattr(channel, name)] for name in ("out_legs", "back_legs")}
    values |= {"out_min": channel.out_min, "back_min": channel.back_min, "ended_by": ""}
    done = connection.execute(
        sa.insert(GREEN_CHANNELS).values(**values, designated_by=by, designated_at=at).returning(GREEN_CHANNELS.c.id)
    )
    return int(done.scalar_one())


def end_channel(connection: sa.Connection, channel_id: int, *, by: str, at: datetime) -> None:
    """Give a channel up; one that was given up before stays as it is.

    Raises
    ------
    BadInputError
        `green-channel-unknown`.
    """
    table = GREEN_CHANNELS.c
    if connection.scalar(sa.select(table.id).where(table.id == channel_id)) is None:
        raise BadInputError("green-channel-unknown", str(channel_id), id=channel_id)
    query = sa.update(GREEN_CHANNELS).where(table.id == channel_id, table.ended_at.is_(None))
    connection.execute(query.values(ended_by=by, ended_at=at))
