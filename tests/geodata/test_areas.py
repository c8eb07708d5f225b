"""Areas: in force in their window; a polygon that crosses itself is refused with the point."""

from datetime import UTC, datetime, timedelta

import pytest

from geodata.areas import area_feature, read_areas, township_at
from geodata.errors import RowErrors

SQUARE = [[[113.0, 33.0], [113.1, 33.0], [113.1, 33.1], [113.0, 33.1], [113.0, 33.0]]]
BOW_TIE = [[[113.0, 33.0], [113.1, 33.1], [113.1, 33.0], [113.0, 33.1], [113.0, 33.0]]]
START = datetime(2022, 6, 22, tzinfo=UTC)


def feature(area_id="a1", *, kind="emergency", rings=SQUARE, **further):
    geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "properties": {"id": area_id, "kind": kind, **further}, "geometry": geometry}


def areas_of(*features):
    return read_areas(features, where="areas.geojson", kinds=frozenset({"emergency"}))


def test_area_is_in_force_in_its_window_only():
    (area,) = areas_of(feature(start="2022-06-22T08:00:00+08:00", end="2022-06-24T08:00:00+08:00"))
    assert area.in_force(START)
    assert not area.in_force(START + timedelta(days=2))


def test_township_is_always_in_force():
    (area,) = areas_of(feature(kind="township"))
    assert area.in_force(START)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"rings": BOW_TIE}, "area-crosses-itself"),
        ({"rings": []}, "area-without-polygon"),
        ({"kind": "lockdown"}, "area-kind-unknown"),
        ({"end": "2022-06-24T08:00:00+08:00"}, "area-end-without-start"),
        ({"start": "2022-06-22T08:00:00"}, "time-without-offset"),
        ({"start": "2022-06-22T08:00:00Z", "end": "2022-06-21T08:00:00Z"}, "window-reversed"),
    ],
)
def test_faulty_area_is_refused(wrong, code):
    with pytest.raises(RowErrors) as error:
        areas_of(feature(**wrong))
    assert [fault.code for fault in error.value.rows] == [code]


def test_an_area_written_reads_back():
    (area,) = areas_of(feature(start="2022-06-22T08:00:00+08:00", document_no="方疫指〔2022〕12号", population=1200))
    assert areas_of(area_feature(area)) == (area,)


def test_a_position_lies_in_a_township_and_in_no_declared_area():
    declared, township = areas_of(feature()), areas_of(feature(kind="township", name="东镇"))
    lon, lat = (float(one) for one in declared[0].polygon.centroid.coords[0])
    assert township_at((*declared, *township), lon, lat) == "东镇"
    assert township_at(declared, lon, lat) == ""
    assert township_at(township, lon + 90, lat) == ""
