"""A pass whose roads were closed gets its next edition on other roads; one whose roads are open stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from geodata.county import County
from geodata.errors import BadInputError
from geodata.store import transaction
from passes.applications.office import Office
from passes.editions.issuing import issue_pass
from passes.editions.pass_register import PassRecord, events_of, find_pass
from passes.reissue.replacing import replace_pass, route_roads
from tests.issuing_office import WHITELIST, applied, closing, office_of, put_on_whitelist
from tests.pass_applications import NOW


@pytest.fixture
def office(small_county: County, store: sa.Engine) -> Iterator[Office]:
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        yield office_of(connection, small_county)


@pytest.fixture
def issued(office: Office, tmp_path: Path) -> PassRecord:
    record = issue_pass(applied(office), office, key_file=tmp_path / "key", at=NOW).record
    assert record is not None
    return record


def test_the_next_edition_goes_round_what_is_closed_now(
    small_county: County, office: Office, issued: PassRecord, tmp_path: Path
) -> None:
    closed = office_of(office.connection, small_county, closings=[closing(small_county, "c1")])
    made = replace_pass(issued.number, closed, key_file=tmp_path / "key", at=NOW, reason="道路关闭").record
    assert made is not None
    assert (made.number, made.edition) == (issued.number, 2)
    assert [road for road, _ in route_roads(made.route)] == ["n2", "c2", "c3"]
    assert find_pass(office.connection, f"{issued.number}-1").state == "replaced"
    told = [(one.event, one.reason or one.facts.get("reason")) for one in events_of(office.connection, issued.number)]
    assert told[1:] == [("replanned", "道路关闭"), ("replaced", "道路关闭")]


def test_with_no_way_left_the_pass_stays_and_the_reason_is_told(
    small_county: County, office: Office, issued: PassRecord, tmp_path: Path
) -> None:
    closed = [closing(small_county, "c1"), closing(small_county, "c3")]
    cut = office_of(office.connection, small_county, closings=closed)
    outcome = replace_pass(issued.number, cut, key_file=tmp_path / "key", at=NOW)
    assert outcome.record is None
    assert [one.code for one in outcome.checked.findings] == ["no-route"]
    assert find_pass(office.connection, issued.number).state == "granted"


def test_the_same_roads_make_no_new_edition(office: Office, issued: PassRecord, tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as refused:
        replace_pass(issued.number, office, key_file=tmp_path / "key", at=NOW)
    assert refused.value.code == "route-unchanged"
