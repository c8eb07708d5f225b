from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from geodata.areas import Area
from geodata.county import County
from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.policy_reading import load_profile, profile_text, read_policy
from passes.applications.check import CheckedApplication, check_application
from passes.applications.office import Office
from tests.issuing_office import an_office, applied, closing, put_on_whitelist, with_policy
from tests.pass_applications import NOW, when

HOURS = 48 - 0.08


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


def check(office: Office, **changes: Any) -> CheckedApplication:
    return check_application(applied(office, **changes), office, at=NOW)


def codes(office: Office, **changes: Any) -> list[str]:
    return [finding.code for finding in check(office, **changes).findings]


def only(office: Office, **changes: Any) -> Finding:
    (finding,) = check(office, **changes).findings
    return finding


def policy_with(**passes: str) -> Any:
    policy = load_profile("fangcheng-2022")
    return replace(policy, passes=replace(policy.passes, **passes))


def test_an_application_that_meets_every_rule_has_a_trip_and_a_window(office: Office) -> None:
    checked = check(office)
    assert checked.findings == ()
    assert checked.trip is not None
    assert [stop.place_id for stop in checked.trip.stops] == ["clinic", "dock"]
    assert checked.expires_because == "planned-end"


def test_a_firm_that_is_not_listed_is_refused(office: Office) -> None:
    assert only(office, enterprise="无名企业").code == "enterprise-not-listed"


def test_a_firm_that_was_removed_is_refused_with_clause_and_reason(office: Office) -> None:
    put_on_whitelist(office.connection, {"name": "宏达面粉", "id": "firm", "status": "removed", "reason": "未落实防控"})
    finding = only(office)
    assert (finding.code, finding.clause, finding.facts["reason"]) == ("enterprise-removed", "W8", "未落实防控")


def test_a_vehicle_linked_to_no_firm_is_refused_by_county_policy(office: Office) -> None:
    finding = only(office, vehicle={"plate": "豫R99999"})
    assert (finding.code, finding.clause) == ("vehicle-linked-to-no-firm", "policy")


def test_a_vehicle_of_another_firm_is_refused_and_the_firm_named(office: Office) -> None:
    assert only(office, vehicle={"plate": "豫R34567"}).facts["others"] == ["顺通物流"]


def test_a_one_off_vehicle_without_guarantee_cites_policy_and_never_the_benefit_clause(office: Office) -> None:
    finding = only(office, vehicle={"plate": "豫R99999", "link": "one_off"})
    assert (finding.code, finding.clause) == ("one-off-without-guarantee", "policy")


def test_a_one_off_vehicle_with_the_firms_guarantee_is_accepted(office: Office) -> None:
    assert codes(office, vehicle={"plate": "豫R99999", "link": "one_off", "guaranteed": True}) == []


@pytest.mark.parametrize(("setting", "expected"), [("no", ["one-off-not-accepted"]), ("yes", [])])
def test_the_policy_decides_on_one_off_vehicles(office: Office, setting: str, expected: list[str]) -> None:
    other = with_policy(office, policy_with(one_off_vehicles=setting))
    assert codes(other, vehicle={"plate": "豫R99999", "link": "one_off"}) == expected


def test_a_link_that_the_policy_does_not_accept_cites_policy(office: Office) -> None:
    finding = only(
        with_policy(office, policy_with(links=("own",))), vehicle={"plate": "豫R23456", "link": "contracted"}
    )
    assert (finding.code, finding.clause) == ("link-not-accepted", "policy")


def test_the_registers_link_counts_and_a_different_claim_is_noted(office: Office) -> None:
    checked = check(office, vehicle={"link": "contracted"})
    assert checked.findings == ()
    assert [note.code for note in checked.notes] == ["link-differs"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"crew": []}, "crew-empty"),
        ({"driver": {"role": "rider"}}, "driver-missing"),
        ({"rider": {"id_number": "360426199101010071"}}, "crew-twice"),
        ({"vehicle": {"seats": 1}}, "crew-too-many"),
        ({"depart_at": when(hours=1, seconds=1)}, "departure-over"),
        ({"depart_at": when(days=-8), "driver": {"sampled_at": when()}}, "departure-too-far-ahead"),
    ],
)
def test_each_rule_on_crew_and_departure_says_no(office: Office, changes: dict[str, Any], code: str) -> None:
    assert code in codes(office, **changes)


def test_a_departure_that_is_just_over_begins_now(office: Office) -> None:
    checked = check(office, depart_at=when(minutes=59))
    assert checked.findings == ()
    assert checked.trip is not None
    assert checked.trip.depart_at == NOW


def test_an_enclosed_firm_without_receiving_point_is_refused(small_county: County, tmp_path: Path) -> None:
    places = small_county.folder / "places.geojson"
    places.write_text(
        places.read_text(encoding="utf-8").replace('"owner": "firm"', '"owner": "nobody"'), encoding="utf-8"
    )
    with an_office(small_county, tmp_path) as office:
        finding = only(office, driver={"sampled_at": when(hours=1)})
    assert (finding.code, finding.clause, finding.subject) == ("receiving-point-missing", "L19", "firm")


def test_an_unknown_end_is_an_error_that_names_it(office: Office) -> None:
    with pytest.raises(BadInputError) as caught:
        check(office, destination="nowhere")
    assert (caught.value.code, caught.value.where) == ("place-unknown", "destination")


def test_no_route_names_the_smallest_set_of_closures(small_county: County, tmp_path: Path) -> None:
    closings = [closing(small_county, road) for road in ("c1", "c2", "v1")]
    with an_office(small_county, tmp_path, closings=closings) as office:
        finding = only(office)
    assert finding.code == "no-route"
    assert finding.facts["blocking"] == ["closure-c1"]


def test_every_finding_is_told_at_once(small_county: County, tmp_path: Path) -> None:
    closings = [closing(small_county, road) for road in ("c1", "c2")]
    with an_office(small_county, tmp_path, closings=closings) as office:
        found = codes(
            office, enterprise="x", driver={"result": "pending"}, rider={"role": "driver", "proof": "declared"}
        )
    assert found == ["enterprise-not-listed", "condition-pending-alone", "proof-too-weak", "no-route"]


def test_a_condition_that_ends_on_the_way_gets_a_stop_that_names_the_person(office: Office) -> None:
    checked = check(office, origin="east", depart_at=when(), driver={"sampled_at": when(hours=HOURS)})
    assert checked.findings == ()
    assert checked.trip is not None
    stop = checked.trip.stops[1]
    assert (stop.kind, stop.place_id, [one.subject for one in stop.because]) == ("sampling", "sample", ["王*明"])


def test_a_condition_that_no_stop_can_renew_in_time_is_refused_and_names_the_person(office: Office) -> None:
    finding = only(office, depart_at=when(), driver={"sampled_at": when(hours=48 - 0.01)})
    assert (finding.code, finding.clause, finding.subject) == ("condition-ends-before-arrival", "L4", "王*明")
    assert (finding.facts["nearest"], finding.facts["path"]) == ("sampling_station", "crew[0]")


def test_two_persons_with_one_masked_name_are_told_apart(office: Office) -> None:
    late = {"sampled_at": when(hours=48 - 0.01)}
    found = check(office, depart_at=when(), driver=late, rider={"name": "王大明", **late}).findings
    assert {one.subject for one in found} == {"王*明(0071)", "王*明(0015)"}


def test_a_trip_that_no_area_asks_a_pass_for_is_noted(office: Office) -> None:
    checked = check(office, destination="village")
    assert checked.findings == ()
    assert "pass-not-needed" in [note.code for note in checked.notes]


@pytest.mark.parametrize("destination", ["village", "park"])
def test_a_pass_that_nobody_needs_vouches_for_no_less_than_others(office: Office, destination: str) -> None:
    checked = check(office, destination=destination, driver={"sampled_at": when(hours=48, seconds=1)})
    assert [one.code for one in checked.findings] == ["condition-expired"]
    assert "pass-not-needed" in [note.code for note in checked.notes]


def test_a_condition_of_another_kind_of_area_is_not_asked(office: Office) -> None:
    policy = load_profile("fangcheng-2022")
    conditions = tuple(replace(one, applies_to=("static",)) if one.id == "test" else one for one in policy.conditions)
    elsewhere = with_policy(office, replace(policy, conditions=conditions))
    assert codes(elsewhere, driver={"sampled_at": when(hours=99)}) == []


def test_a_stay_in_a_risk_area_is_for_review_only(office: Office) -> None:
    checked = check(office, driver={"stayed_in_risk_area": True})
    assert ([one.code for one in checked.notes], checked.findings) == (["stay-for-review"], ())


def test_a_missing_prereport_is_followed_up(office: Office) -> None:
    checked = check(office, prereported_at=None)
    assert {note.code for note in checked.notes} == {"condition-follow-up"}


def test_a_trip_longer_than_the_longest_pass_is_refused(office: Office) -> None:
    policy = load_profile("fangcheng-2022")
    short = replace(policy, passes=replace(policy.passes, max_hours=1))
    assert codes(with_policy(office, short)) == ["trip-too-long"]


def test_the_animal_disease_regime_is_checked_by_the_same_code(small_county: County, tmp_path: Path) -> None:
    policy = read_policy(tomllib.loads(profile_text("animal-disease")), where="")
    with an_office(small_county, tmp_path) as office:
        other = with_policy(office, policy)
        zone = replace(other.trip_map.areas[0], kind="infected_zone")
        other = replace(other, trip_map=replace(other.trip_map, areas=(zone,)))
        vehicle = {"disinfected": {"done_at": when(hours=1)}, "filed_vehicle": {"valid_until": when(days=-30)}}
        assert codes(other, vehicle=vehicle, depart_at=when(), goods="feed") == []
        assert codes(other, vehicle=vehicle, depart_at=when(), goods="live_pig") == ["condition-present"]
        late = {**vehicle, "disinfected": {"done_at": when(hours=2, seconds=1)}}
        assert codes(other, vehicle=late, depart_at=when(), goods="feed") == ["condition-expired"]


def animal_office(office: Office, *areas: Area) -> Office:
    other = with_policy(office, read_policy(tomllib.loads(profile_text("animal-disease")), where=""))
    return replace(other, trip_map=replace(other.trip_map, areas=areas))


#: Half way on the national road and beyond the east end; with buffers of nothing in `without_buffers`.
ZONE = Area("zone", "疫区", "infected_zone", shapely.box(113.06, 33.01, 113.07, 33.03))
THREATENED = Area("edge", "受威胁区", "threatened_zone", shapely.box(113.01, 33.03, 113.03, 33.05))


def without_buffers(office: Office) -> Office:
    policy = office.policy
    kinds = {key: replace(kind, buffer_km=0.0) for key, kind in policy.area_kinds.items()}
    return with_policy(office, replace(policy, area_kinds=kinds))


FILED = {"filed_vehicle": {"valid_until": when(days=-30)}}


def test_an_area_that_needs_a_pass_to_be_crossed_asks_its_conditions_too(office: Office) -> None:
    animal = without_buffers(animal_office(office, ZONE, THREATENED))
    found = check(animal, origin="east", vehicle=FILED, depart_at=when(), goods="feed")
    assert [(one.code, one.facts["condition"]) for one in found.findings] == [("condition-missing", "disinfected")]
    assert found.trip is not None
    assert [one.how for one in found.trip.areas if one.kind == "infected_zone"] == ["through"]


def test_an_area_that_only_the_final_plan_crosses_asks_its_conditions_too(small_county: County, tmp_path: Path) -> None:
    around = Area("zone", "疫区", "infected_zone", shapely.box(113.045, 33.025, 113.055, 33.035))
    late = closing(small_county, "c1", NOW + timedelta(hours=2), NOW + timedelta(hours=9))
    with an_office(small_county, tmp_path, closings=[late]) as office:
        animal = without_buffers(animal_office(office, around, THREATENED))
        found = check(animal, vehicle=FILED, depart_at=when(), goods="feed")
    assert [(one.code, one.facts["condition"]) for one in found.findings] == [("condition-missing", "disinfected")]


def test_a_departure_at_the_end_of_all_time_is_refused_and_not_planned(office: Office) -> None:
    far = replace(applied(office), depart_at=datetime(9999, 12, 31, 23, tzinfo=UTC))
    checked = check_application(far, office, at=NOW)
    assert "departure-too-far-ahead" in [one.code for one in checked.findings]
    assert checked.trip is None


def test_the_pass_ends_with_the_grace_after_the_planned_end(office: Office) -> None:
    checked = check(office)
    assert checked.trip is not None
    assert checked.window is not None
    assert checked.window.expires_at - checked.trip.end_at == timedelta(minutes=office.policy.passes.grace_min)
    assert checked.window.not_before == checked.trip.depart_at - timedelta(hours=1)


def test_nothing_is_kept_by_a_check(office: Office) -> None:
    before = office.connection.exec_driver_sql("SELECT total_changes()").scalar()
    check(office)
    assert office.connection.exec_driver_sql("SELECT total_changes()").scalar() == before
