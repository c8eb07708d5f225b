"""The demo's queue has clean applications, one with a stop on the way, and findings of several kinds."""

from __future__ import annotations

from datetime import timedelta

from geodata.demo.chance import Chance
from geodata.demo.filings import DemoFiling, demo_filings
from geodata.demo.roads import SEED
from geodata.windows import parse_instant
from tests.demo_world import AT, the_settings


def filings() -> tuple[DemoFiling, ...]:
    return demo_filings(the_settings().policy, Chance(SEED), at=AT, answer="重新采样")


def test_every_application_is_another_one_of_its_firm() -> None:
    assert len({(one.firm, one.document["vehicle"]["plate"], one.document["depart_at"]) for one in filings()}) == 13
    assert [one.firm for one in filings() if one.returned] == ["e01"]


def test_nobody_s_plate_is_the_one_off() -> None:
    plates = [one.document["vehicle"] for one in filings()]
    assert [one["plate"] for one in plates if one["link"] == "one_off"] == ["豫RZ9998"]


def test_two_persons_of_whom_one_has_an_hour_left_set_out_in_half_an_hour() -> None:
    (two,) = (one.document for one in filings() if len(one.document["crew"]) == 2)
    sampled = [AT - parse_instant(person["sampled_at"], where="") for person in two["crew"]]
    assert sampled == [timedelta(hours=47), timedelta(hours=10)]
    assert parse_instant(two["depart_at"], where="") - AT == timedelta(minutes=30)
