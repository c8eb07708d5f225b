from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.county import County
from geodata.errors import BadInputError, SurroundingsError
from geodata.policy import Condition
from geodata.store import transaction
from passes.editions.issuing import Issued, Office, issue_pass
from passes.editions.pass_register import PassRecord, events_of, find_pass
from passes.editions.status_register import RegisterStatuses
from passes.keyring.key_register import list_keys, public_key_list
from passes.tokens.claims import PASS, read_pass_claims
from passes.tokens.front_door import parse_token
from passes.tokens.pass_code import from_code
from passes.verifying.trust import Trust
from passes.verifying.verify import verify_pass
from passes.ways.ways_register import PASSAGES
from tests.issuing_office import (
    WHITELIST,
    an_office,
    applied,
    closing,
    fresh_store,
    office_of,
    put_on_whitelist,
    with_policy,
)
from tests.pass_applications import DRIVER_ID, NOW, when

AREA_CODE = "411399"


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "key"


def issue(office: Office, key_file: Path, *, hours: float = 0, **changes: Any) -> Issued:
    return issue_pass(applied(office, **changes), office, key_file=key_file, at=NOW + timedelta(hours=hours))


def issued(office: Office, key_file: Path, **changes: Any) -> PassRecord:
    record = issue(office, key_file, **changes).record
    assert record is not None
    return record


def claims_of(record: PassRecord) -> Any:
    return read_pass_claims(parse_token(record.token, PASS).claims)


def test_a_pass_is_issued_kept_and_found_by_its_number(office: Office, key_file: Path) -> None:
    record = issued(office, key_file)
    assert record.number == f"{AREA_CODE}000001"
    assert find_pass(office.connection, record.number) == record


def test_both_databases_keep_a_pass(small_county: County, store: sa.Engine, key_file: Path) -> None:
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        record = issued(office_of(connection, small_county), key_file)
    with transaction(store, writes=False) as connection:
        assert find_pass(connection, record.number) == record
        assert [one.event for one in events_of(connection, record.number)] == ["issued"]


def test_its_token_is_green_to_a_verifier_from_its_start(office: Office, key_file: Path) -> None:
    record = issued(office, key_file)
    keys = public_key_list(office.connection, issuer=AREA_CODE, at=NOW)
    trust = Trust(keys, RegisterStatuses(office.connection, NOW))
    assert verify_pass(record.token, trust, at=record.not_before, plate="豫R12345").verdict == "green"
    assert verify_pass(record.url, trust, at=record.expires_at).reasons[0].code == "expired"


def test_a_paper_valid_until_the_end_of_all_time_stops_no_pass(office: Office, key_file: Path) -> None:
    papers = Condition("papers", "driver", "valid_until", count_from="papers_until")
    asking = with_policy(office, replace(office.policy, conditions=(papers,)))
    driver = {"papers_until": "9999-12-30T23:00:00Z", "result": None, "proof": None}
    assert [one.id_tail for one in claims_of(issued(asking, key_file, driver=driver)).crew] == ["0071", "0015"]


@pytest.mark.parametrize(("round_trip", "term"), [(False, "one_way"), (True, "round_trip")])
def test_a_pass_is_for_one_trip_there_and_where_asked_back(
    office: Office, key_file: Path, round_trip: bool, term: str
) -> None:
    assert office.policy.passes.trips_per_pass == "one_round_trip"
    assert claims_of(issued(office, key_file, round_trip=round_trip)).terms[0] == term


def test_its_url_gives_the_token_back(office: Office, key_file: Path) -> None:
    record = issued(office, key_file)
    assert from_code(record.url) == record.token
    assert record.url.startswith("HTTPS://PASS.EXAMPLE/")


def test_its_claims_bind_vehicle_crew_ends_and_corridor(office: Office, key_file: Path) -> None:
    claims = claims_of(issued(office, key_file))
    assert (claims.issuer, claims.plate, claims.origin, claims.destination) == (AREA_CODE, "豫R12345", "clinic", "dock")
    assert [(one.masked_name, one.id_tail) for one in claims.crew] == [("王*明", "0071"), ("李*", "0015")]
    assert len(claims.corridor) >= 2
    assert claims.terms == ("one_way",)


def test_each_person_carries_the_end_of_their_own_condition_and_the_pass_another(
    office: Office, key_file: Path
) -> None:
    record = issued(office, key_file, driver={"sampled_at": when(hours=46)})
    claims = claims_of(record)
    assert [one.condition_ends_at for one in claims.crew] == [NOW + timedelta(hours=2), NOW + timedelta(hours=36)]
    assert record.expires_at > NOW + timedelta(hours=2)
    assert record.expires_because == "planned-end"


def test_no_full_number_name_or_phone_is_in_what_is_kept(office: Office, key_file: Path) -> None:
    record = issued(office, key_file)
    dump = [
        str(row)
        for table in ("passes", "applications", "pass_events", "pass_stages", "pass_ways", "way_roads")
        for row in office.connection.exec_driver_sql(f"SELECT * FROM {table}")
    ]
    for secret in (DRIVER_ID, "王小明", "13800000000"):
        assert secret not in record.token
        assert not any(secret in row for row in dump)


def test_a_pending_result_is_marked_in_the_terms(office: Office, key_file: Path) -> None:
    older = [{"sampled_at": when(hours=30), "result": "negative"}]
    record = issued(office, key_file, driver={"result": "pending", "earlier": older})
    assert "pending" in claims_of(record).terms


def test_numbers_follow_one_another_without_a_gap(office: Office, key_file: Path) -> None:
    numbers = [issued(office, key_file, id=str(order)).number for order in range(3)]
    assert numbers == [f"{AREA_CODE}{serial:06d}" for serial in (1, 2, 3)]


def test_the_first_issue_makes_the_first_key_and_says_so(office: Office, key_file: Path) -> None:
    record = issued(office, key_file)
    (key,) = list_keys(office.connection)
    assert (key.published_at, key.public.kid) == (NOW, record.kid)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert events_of(office.connection, record.number)[0].facts["first_key"] == record.kid
    second = issued(office, key_file, id="second")
    assert "first_key" not in events_of(office.connection, second.number)[0].facts


def test_the_same_application_again_gives_the_same_pass(office: Office, key_file: Path) -> None:
    first = issue(office, key_file)
    again = issue(office, key_file, hours=0.1)
    assert (first.again, again.again) == (False, True)
    assert again.record == first.record
    assert len(events_of(office.connection, f"{AREA_CODE}000001")) == 1


def test_an_id_that_comes_with_other_content_is_refused(office: Office, key_file: Path) -> None:
    issue(office, key_file, id="7")
    with pytest.raises(BadInputError, match="application-id-reused"):
        issue(office, key_file, id="7", goods="sugar")


def test_the_same_id_of_another_firm_is_another_application(office: Office, key_file: Path) -> None:
    first = issued(office, key_file, id="7")
    second = issued(office, key_file, id="7", enterprise="carrier", vehicle={"plate": "豫R34567"})
    assert first.number != second.number


def test_a_refused_application_leaves_nothing(office: Office, key_file: Path) -> None:
    refused = issue(office, key_file, driver={"result": "pending"})
    assert (refused.record, [one.code for one in refused.checked.findings]) == (None, ["condition-pending-alone"])
    for table in ("passes", "applications", "status_slots", "signing_keys", "pass_events"):
        assert office.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_a_firm_removed_after_the_check_is_refused_when_the_pass_is_saved(
    small_county: County, tmp_path: Path, key_file: Path
) -> None:
    store = fresh_store(tmp_path)
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
    with transaction(store, writes=False) as connection:
        office = office_of(connection, small_county)
        application = applied(office)
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, {"name": "宏达面粉", "id": "firm", "status": "removed", "reason": "x"})
    with transaction(store, writes=True) as connection:
        refused = issue_pass(application, office_of(connection, small_county), key_file=key_file, at=NOW)
    assert [one.code for one in refused.checked.findings] == ["enterprise-removed"]
    store.dispose()


def issue_and_fail(store: sa.Engine, county: County, key_file: Path) -> None:
    with transaction(store, writes=True) as connection:
        issued(office_of(connection, county), key_file)
        raise ZeroDivisionError


def test_a_rolled_back_issue_leaves_no_gap(small_county: County, tmp_path: Path, key_file: Path) -> None:
    store = fresh_store(tmp_path)
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        issued(office_of(connection, small_county), key_file, id="0")
    with pytest.raises(ZeroDivisionError):
        issue_and_fail(store, small_county, key_file)
    with transaction(store, writes=True) as connection:
        assert issued(office_of(connection, small_county), key_file).number == f"{AREA_CODE}000002"
    store.dispose()


def test_a_key_file_that_others_may_read_stops_the_issue(office: Office, key_file: Path) -> None:
    key_file.parent.mkdir()
    key_file.write_text("x", encoding="ascii")
    key_file.chmod(0o644)
    with pytest.raises(SurroundingsError, match="key-file-too-open"):
        issue(office, key_file)


def test_every_road_of_the_pass_is_in_the_index_with_its_time(office: Office, key_file: Path) -> None:
    record = issued(office, key_file)
    rows = office.connection.execute(sa.select(PASSAGES).order_by(PASSAGES.c.leg)).all()
    assert [row.road_id for row in rows] == [road["road_id"] for road in record.route["roads"]] == ["c1"]
    assert rows[0].from_at == record.not_before
    assert record.depart_at + timedelta(minutes=office.policy.passes.grace_min) < rows[0].to_at < record.expires_at


def test_the_corridor_holds_every_point_of_the_route(office: Office, key_file: Path) -> None:
    record = issued(office, key_file, origin="east", driver={"sampled_at": when(hours=1)})
    trust = Trust(
        public_key_list(office.connection, issuer=AREA_CODE, at=NOW), RegisterStatuses(office.connection, NOW)
    )
    for position in record.route["geometry"]:
        assert verify_pass(record.token, trust, at=record.not_before, position=tuple(position)).verdict == "green"


windows = st.tuples(st.integers(-300, 400), st.integers(1, 400))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    closed=st.lists(st.tuples(st.sampled_from(["n1", "n2", "c1", "c2", "c3"]), windows), max_size=6),
    ends=st.permutations(["clinic", "firm", "east", "park", "village"]),
    round_trip=st.booleans(),
)
def test_no_pass_is_ever_issued_over_a_road_closed_in_its_window(
    small_county: County, tmp_path_factory: pytest.TempPathFactory, closed: Any, ends: list[str], round_trip: bool
) -> None:
    closings = [
        closing(
            small_county,
            road,
            NOW + timedelta(minutes=start),
            NOW + timedelta(minutes=start + length),
            closure_id=f"{road}-{order}",
        )
        for order, (road, (start, length)) in enumerate(closed)
    ]
    folder = tmp_path_factory.mktemp("office")
    with an_office(small_county, folder, closings=closings) as office:
        outcome = issue(office, folder / "key", origin=ends[0], destination=ends[1], round_trip=round_trip)
        if outcome.record is None:
            assert [one.code for one in outcome.checked.findings] == ["no-route"]
            return
        roads = {road["road_id"] for road in outcome.record.route["roads"]}
        for one in closings:
            road_id = str(small_county.network.road_id[one.road])
            assert one.window is not None
            overlaps = one.window.start < outcome.record.expires_at and outcome.record.not_before < (
                one.window.end or NOW
            )
            assert not (overlaps and road_id in roads)
