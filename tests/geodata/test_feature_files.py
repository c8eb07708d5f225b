"""Places and areas merged into a county: by id, all rows or none."""

from __future__ import annotations

import json

import pytest

from geodata.county import open_county
from geodata.errors import BadInputError, RowErrors
from geodata.feature_files import import_areas, import_places
from geodata.geojson import write_features


def place(place_id: str, **further):
    properties = {"id": place_id, "name": place_id, "kind": "village", **further}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [113.03, 33.02]}}


def area(area_id: str, **further):
    ring = [[113.0, 33.0], [113.1, 33.0], [113.1, 33.1], [113.0, 33.0]]
    properties = {"id": area_id, "kind": "township", **further}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write(folder, *features):
    write_features(folder / "given.geojson", features)
    return folder / "given.geojson"


def counts(found):
    return found.created, found.changed, found.unchanged


def test_places_are_created_changed_or_unchanged_by_id(small_county, tmp_path):
    first = import_places(small_county, write(tmp_path, place("new"), place("village", name="新名")), crs="wgs84")
    again = import_places(open_county(small_county.folder), tmp_path / "given.geojson", crs="wgs84")
    assert (counts(first), counts(again)) == ((1, 1, 0), (0, 0, 2))


def test_places_that_the_file_does_not_name_stay(small_county, tmp_path):
    import_places(small_county, write(tmp_path, place("new")), crs="wgs84")
    found = open_county(small_county.folder).places.by_id
    assert {"new", "firm", "dock"} <= set(found)
    assert found["firm"].enclosed


def test_one_bad_row_leaves_everything_as_it_was(small_county, tmp_path):
    before = (small_county.folder / "places.geojson").read_bytes()
    with pytest.raises(RowErrors) as caught:
        import_places(small_county, write(tmp_path, place("good"), place("", name="bad")), crs="wgs84")
    assert [row.code for row in caught.value.rows] == ["place-without-id"]
    assert (small_county.folder / "places.geojson").read_bytes() == before


def test_shifted_places_arrive_in_wgs84(small_county, tmp_path):
    import_places(small_county, write(tmp_path, place("amap")), crs="gcj02")
    found = open_county(small_county.folder).places.by_id["amap"]
    assert 0.001 < abs(found.lon - 113.03) < 0.01


def test_areas_are_merged_by_id(small_county, tmp_path):
    assert counts(import_areas(small_county, write(tmp_path, area("t1"), area("t2")), crs="wgs84")) == (2, 0, 0)
    assert [one.id for one in open_county(small_county.folder).areas] == ["t1", "t2", "zone"]


def test_an_area_kind_of_no_regime_is_refused(small_county, tmp_path):
    with pytest.raises(RowErrors) as caught:
        import_areas(small_county, write(tmp_path, area("t1", kind="moon")), crs="wgs84")
    assert caught.value.rows[0].code == "area-kind-unknown"


def test_an_area_is_put_in_force_by_the_body_that_the_regime_names(small_county, tmp_path):
    settings = small_county.folder / "county.toml"
    named = '[area_kind.emergency]\nin_force_by = "epidemic_hq"\n'
    settings.write_text(settings.read_text().replace("[area_kind.emergency]\n", named))
    county = open_county(small_county.folder)
    for declared_by in ("transport", ""):
        given = write(tmp_path, area("t1", kind="emergency", declared_by=declared_by))
        with pytest.raises(RowErrors) as caught:
            import_areas(county, given, crs="wgs84")
        assert [one.code for one in caught.value.rows] == ["area-declared-by-other"]
    given = write(tmp_path, area("t1", kind="emergency", declared_by="epidemic_hq"))
    assert import_areas(county, given, crs="wgs84").created == 1


def test_a_county_without_a_place_file_gets_one(small_county, tmp_path):
    (small_county.folder / "places.geojson").unlink()
    import_places(open_county(small_county.folder), write(tmp_path, place("new")), crs="wgs84")
    assert len(json.loads((small_county.folder / "places.geojson").read_text())["features"]) == 1


def test_a_file_that_is_not_there_is_told(small_county, tmp_path):
    with pytest.raises(BadInputError, match="file-missing"):
        import_places(small_county, tmp_path / "none.geojson", crs="wgs84")
