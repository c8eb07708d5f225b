"""What a county check finds."""

from __future__ import annotations

import json

import pytest

from geodata.county import open_county
from geodata.county_check import check_county
from geodata.errors import BadInputError
from geodata.geojson import read_features, write_features


def findings(county):
    return {(one.code, one.subject) for one in check_county(county)[1]}


def change(county, place_id, **further):
    path = county.folder / "places.geojson"
    features = read_features(path)
    for feature in features:
        if feature["properties"]["id"] == place_id:
            feature["properties"].update(further.pop("properties", {}))
            feature["geometry"].update(further)
    write_features(path, features)
    return open_county(county.folder)


def test_the_small_county_has_no_findings(small_county):
    report, found = check_county(small_county)
    assert found == ()
    assert (report["roads"], report["junctions"], report["entry_points"]) == (6, 6, 1)
    assert report["components"] == [
        {"junctions": 6, "classes": {"national": 2, "county": 2, "township": 1, "village": 1}}
    ]
    assert (report["repaired"], report["dropped"]) == ([], [])


def test_a_place_far_from_every_road_is_found(small_county):
    assert findings(change(small_county, "village", coordinates=[113.5, 33.5])) == {("place-far-from-road", "village")}


def test_an_enclosed_enterprise_without_a_receiving_point_is_k13(small_county):
    county = change(small_county, "dock", properties={"kind": "rest_area"})
    assert findings(county) == {("K13", "firm")}


def test_a_receiving_point_of_nobody_is_found(small_county):
    county = change(small_county, "dock", properties={"owner": "unknown firm"})
    assert findings(county) == {("receiving-point-without-enterprise", "dock"), ("K13", "firm")}


def test_k13_can_be_switched_off(small_county):
    settings = small_county.folder / "county.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[checks]\nK13 = "off"\n', encoding="utf-8")
    assert findings(change(small_county, "dock", properties={"kind": "rest_area"})) == set()


def test_another_network_than_the_imported_is_found(small_county):
    (small_county.folder / "import-report.json").write_text(json.dumps({"network_digest": "0" * 64}))
    assert findings(small_county) == {("network-not-the-imported", "")}


def test_a_missing_network_is_bad_input(small_county):
    (small_county.folder / "network.npz").unlink()
    with pytest.raises(BadInputError, match="network-file-unreadable"):
        check_county(open_county(small_county.folder))
