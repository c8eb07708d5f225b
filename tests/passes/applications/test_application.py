from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.county_settings import DEFAULT_VEHICLES
from geodata.errors import BadInputError, RowErrors
from geodata.policy_reading import load_profile
from passes.applications.application import Application, read_application
from tests.pass_applications import application_document

CONDITIONS = load_profile("fangcheng-2022").conditions
TRUCK = DEFAULT_VEHICLES["truck"]


def read(**changes: Any) -> Application:
    return read_application(application_document(**changes), where="a.json", conditions=CONDITIONS)


def fault_of(**changes: Any) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        read(**changes)
    return caught.value


def test_a_complete_application_is_read() -> None:
    application = read()
    assert application.enterprise == "宏达面粉"
    assert application.depart_at == datetime(2022, 7, 1, 1, tzinfo=UTC)
    assert [one.masked for one in application.crew] == ["王*明", "李*"]
    assert application.crew[0].stated.record.result == "negative"


def test_the_form_is_read_without_a_policy_too() -> None:
    assert read_application(application_document(), where="").vehicle.plate == "豫R12345"


@pytest.mark.parametrize(
    ("written", "role"),
    [("驾驶员", "driver"), ("司机", "driver"), ("随车人员", "rider"), ("押运员", "rider"), ("", "")],
)
def test_a_role_in_chinese_is_kept_as_one_word(written: str, role: str) -> None:
    assert read(driver={"role": written}).crew[0].role == role


def test_a_full_width_plate_becomes_plain() -> None:
    assert read(vehicle={"plate": "豫\uff32\uff11\uff12\uff13\uff14\uff15"}).vehicle.plate == "豫R12345"


def test_an_unreadable_plate_is_named() -> None:
    fault = fault_of(vehicle={"plate": "豫R1234"})
    assert (fault.code, fault.where) == ("plate-unreadable", "a.json: vehicle.plate")


def test_a_time_without_offset_is_named_by_its_path() -> None:
    fault = fault_of(rider={"sampled_at": "2022-06-30T12:00:00"})
    assert (fault.code, fault.where) == ("time-without-offset", "a.json: crew[1].sampled_at")


def test_a_time_inside_an_earlier_sample_is_checked_too() -> None:
    fault = fault_of(driver={"earlier": [{"sampled_at": "yesterday", "result": "negative"}]})
    assert (fault.code, fault.where) == ("time-unreadable", "a.json: crew[0].earlier[0].sampled_at")


def test_a_wrong_identity_number_is_named_by_its_path() -> None:
    fault = fault_of(rider={"id_number": "411322198001010016"})
    assert (fault.code, fault.facts["path"]) == ("id-number-wrong", "crew[1].id_number")


def test_an_unused_region_code_is_noted_and_taken() -> None:
    assert read(driver={"id_number": "999999198001010011"}).crew[0].id_notes == ("id-region-unused",)


@pytest.mark.parametrize("key", ["enterprise", "origin", "destination", "depart_at", "vehicle"])
def test_what_is_missing_is_named(key: str) -> None:
    fault = fault_of(**{key: None})
    faults = fault.rows if isinstance(fault, RowErrors) else (fault,)
    assert faults[0].code == "field-missing"
    assert faults[0].facts["path"] == key


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"depart": "x"}, "field-unknown", "depart"),
        ({"vehicle": {"gros_weight_t": 3}}, "field-unknown", "vehicle.gros_weight_t"),
        ({"driver": {"sampled": "x"}}, "field-unknown", "crew[0].sampled"),
        ({"driver": {"result": "fine"}}, "value-unknown", "crew[0].result"),
        ({"driver": {"role": "王小明 13800000000"}}, "value-unknown", "crew[0].role"),
        ({"driver": {"earlier": [{"smapled_at": "x"}]}}, "field-unknown", "crew[0].earlier[0].smapled_at"),
        ({"driver": {"earlier": [{"earlier": []}]}}, "field-unknown", "crew[0].earlier[0].earlier"),
        ({"driver": {"test": {"sampled": "x"}}}, "field-unknown", "crew[0].test.sampled"),
        ({"driver": {"proof": "rumour"}}, "value-unknown", "crew[0].proof"),
        ({"driver": {"earlier": {}}}, "field-not-list", "crew[0].earlier"),
        ({"driver": {"earlier": ["x"]}}, "field-not-object", "crew[0].earlier[0]"),
        ({"driver": {"stayed_in_risk_area": "no"}}, "field-not-flag", "crew[0].stayed_in_risk_area"),
        ({"driver": {"name": "··"}}, "name-empty", "crew[0].name"),
        ({"driver": {"name": "王\u202e明"}}, "text-not-usable", "crew[0].name"),
        ({"vehicle": {"link": "borrowed"}}, "value-unknown", "vehicle.link"),
        ({"vehicle": {"gross_weight_t": 18000}}, "number-out-of-range", "vehicle.gross_weight_t"),
        ({"vehicle": {"gross_weight_t": "18"}}, "field-not-number", "vehicle.gross_weight_t"),
        ({"vehicle": {"height_m": float("nan")}}, "field-not-number", "vehicle.height_m"),
        ({"vehicle": {"axles": 2.5}}, "number-not-whole", "vehicle.axles"),
        ({"crew": "王小明"}, "field-not-list", "crew"),
        ({"via": "depot"}, "field-not-list", "via"),
        ({"origin": 7}, "end-unreadable", "origin"),
        ({"round_trip": 1}, "field-not-flag", "round_trip"),
        ({"depart_at": 1656633600}, "time-unreadable", "depart_at"),
        ({"goods": ["flour"]}, "field-not-object", "goods"),
    ],
)
def test_each_wrong_member_is_named(changes: dict[str, Any], code: str, path: str) -> None:
    fault = fault_of(**changes)
    assert (fault.code, fault.facts["path"]) == (code, path)


def test_every_fault_is_told_at_once() -> None:
    fault = fault_of(vehicle={"plate": "x"}, driver={"id_number": "1"}, depart_at="soon")
    assert isinstance(fault, RowErrors)
    assert [one.facts["path"] for one in fault.rows] == ["depart_at", "vehicle.plate", "crew[0].id_number"]


def test_a_condition_of_another_regime_brings_its_own_members() -> None:
    document = application_document(
        vehicle={
            "disinfected": {"done_at": "2022-06-30T23:00:00Z"},
            "filed_vehicle": {"valid_until": "2023-01-01T00:00Z"},
        },
        goods={"kind": "feed"},
    )
    application = read_application(document, where="", conditions=load_profile("animal-disease").conditions)
    assert set(application.vehicle.stated.records) == {"disinfected", "filed_vehicle"}
    assert application.goods.kind == "feed"


def test_a_time_inside_a_conditions_own_object_is_checked() -> None:
    document = application_document(vehicle={"disinfected": {"done_at": "2022-06-30T23:00:00"}})
    with pytest.raises(BadInputError, match="time-without-offset") as caught:
        read_application(document, where="", conditions=load_profile("animal-disease").conditions)
    assert caught.value.where == "vehicle.disinfected.done_at"


def test_sizes_that_are_given_replace_those_of_the_standard_truck() -> None:
    vehicle = read().vehicle.on_roads(TRUCK)
    assert (vehicle.gross_weight_kg, vehicle.height_m, vehicle.axle_load_kg) == (18_000.0, 3.8, 6_000.0)
    assert vehicle.access == "truck"


def test_hazardous_goods_on_board_are_what_roads_may_refuse() -> None:
    assert read(vehicle={"hazardous_goods": "D"}).vehicle.on_roads(TRUCK).hazardous_goods == ("D",)
    assert read().vehicle.on_roads(TRUCK).hazardous_goods == ()
    with pytest.raises(BadInputError) as caught:
        read(vehicle={"hazardous_goods": "beer"})
    assert caught.value.where.endswith("vehicle.hazardous_goods")


def test_a_light_truck_has_no_axle_heavier_than_itself() -> None:
    vehicle = read(vehicle={"gross_weight_t": 4.5, "axles": None, "height_m": None}).vehicle.on_roads(TRUCK)
    assert (vehicle.axle_load_kg, vehicle.height_m) == (4_500.0, TRUCK.height_m)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(application_document())), _JSON)
def test_no_value_of_a_member_breaks_the_reading(key: str, value: Any) -> None:
    with suppress(BadInputError):
        read_application({**application_document(), key: value}, where="", conditions=CONDITIONS)


@given(
    st.sampled_from(["vehicle", "driver"]), st.sampled_from(["plate", "sampled_at", "earlier", "test", "name"]), _JSON
)
def test_no_value_inside_a_part_breaks_the_reading(part: str, key: str, value: Any) -> None:
    with suppress(BadInputError):
        read(**{part: {key: value}})
