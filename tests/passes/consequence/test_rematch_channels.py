"""Designated green channels on a newer map: the old record ends, a new one says the same way."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.store import transaction
from passes.consequence.channel_register import GreenChannel, designate_channel, list_channels
from passes.consequence.rematch_channels import rematch_channels
from routing.green_channels import ChannelLeg, state_of
from tests.map_editions import matcher, newer, older
from tests.pass_applications import NOW

OLD, NEW = older(), newer()
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def connection(store: sa.Engine):
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def whole(road_id, direction=0):
    return ChannelLeg(road_id, direction, 0.0, float(OLD.length_m[OLD.road_index[road_id]]))


def designate(connection, *out_legs):
    channel = GreenChannel("hub", "area", "out", "out", out_legs, (), 10.0, 10.0, OLD.digest)
    return designate_channel(connection, channel, by="p", at=NOW)


def test_a_channel_goes_along_as_a_new_record(connection):
    first = designate(connection, whole("same"), whole("turned"))
    (fit,) = rematch_channels(connection, matcher(), account="county update", at=LATER).changed
    (now,) = list_channels(connection, at=LATER)
    assert [(leg.road_id, leg.direction) for leg in now.out_legs] == [("same", 0), ("turned", 1)]
    assert (now.designated_by, now.network_digest, fit.misfits) == ("p", NEW.digest, ())
    assert state_of(now.legs, (), NEW).gone == ()
    ended = next(one for one in list_channels(connection) if one.id == first)
    assert (ended.ended_at, ended.ended_by, ended.out_legs) == (
        LATER,
        "county update",
        (whole("same"), whole("turned")),
    )


def test_a_channel_whose_road_is_gone_is_broken_there(connection):
    designate(connection, whole("same"), whole("gone"))
    (fit,) = rematch_channels(connection, matcher(), account="county update", at=LATER).changed
    (now,) = list_channels(connection, at=LATER)
    assert state_of(now.legs, (), NEW).gone == (fit.misfits[0].span.road_id,)


def test_a_channel_on_the_same_roads_is_not_touched(connection):
    first = designate(connection, whole("same"))
    assert rematch_channels(connection, matcher(), account="county update", at=LATER).unchanged == 1
    assert [one.id for one in list_channels(connection, at=LATER)] == [first]
