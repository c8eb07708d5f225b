"""Places are read whole or not at all, and found by id or by an unambiguous name."""

import pytest

from geodata.errors import BadInputError, RowErrors
from geodata.places import place_feature, read_places


def feature(place_id="p1", *, name="小史店站", kind="hub", lon=113.0, lat=33.2, **further):
    return {
        "type": "Feature",
        "properties": {"id": place_id, "name": name, "kind": kind, **further},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def places_of(*features):
    return read_places(features, where="places.geojson")


def test_place_is_found_by_id_and_by_name():
    places = places_of(feature())
    assert places.find("p1", where="--from") == places.find("小史店站", where="--from")


def test_unknown_place_offers_near_names():
    with pytest.raises(BadInputError) as error:
        places_of(feature()).find("小史店", where="--to")
    assert (error.value.code, error.value.facts["near"]) == ("place-unknown", ["小史店站"])


def test_ambiguous_name_lists_the_ids():
    with pytest.raises(BadInputError) as error:
        places_of(feature("a", name="李庄"), feature("b", name="李庄")).find("李庄", where="--from")
    assert (error.value.code, error.value.facts["ids"]) == ("place-ambiguous", ["a", "b"])


def test_an_id_wins_over_the_same_word_as_a_name():
    places = places_of(feature("李庄", name="东李庄"), feature("b", name="李庄"))
    assert places.find("李庄", where="--from").name == "东李庄"


@pytest.mark.parametrize("typed", ["面粉　厂", "面粉厂", " 面粉 厂 "])
def test_a_name_is_found_whatever_its_spaces_and_width(typed):
    assert places_of(feature(name="面粉 厂")).find(typed, where="--from").id == "p1"


def test_receiving_point_belongs_to_its_owner_by_id_or_name():
    firm = feature("e1", name="宏达面粉", kind="enterprise", enclosed=True)
    points = [
        feature("r1", kind="receiving_point", owner="e1"),
        feature("r2", kind="receiving_point", owner="宏达面粉"),
    ]
    places = places_of(firm, *points)
    assert [point.id for point in places.receiving_points_of(places.by_id["e1"])] == ["r1", "r2"]


def test_every_faulty_row_is_named_and_nothing_taken():
    with pytest.raises(RowErrors) as error:
        places_of(feature("a"), feature(""), feature("c", lon=200), feature("a"), feature("d", population="many"))
    assert [(fault.code, fault.facts["row"]) for fault in error.value.rows] == [
        ("place-without-id", 2),
        ("position-not-a-number", 3),
        ("place-id-twice", 4),
        ("place-value-not-a-number", 5),
    ]


def test_a_place_written_reads_back():
    place = places_of(feature(township="独树镇", capacity_t_per_day=40, phone="000-1")).by_id["p1"]
    assert places_of(place_feature(place)).by_id["p1"] == place
