import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from tests.trips import grid_world, place, world_of


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def refusal(world, what):
    with pytest.raises(BadInputError) as caught:
        world.end(what, "destination")
    assert caught.value.where.startswith("destination")
    return caught.value


@pytest.mark.parametrize("text", ["113.03,33.02", " 113.03 , 33.02 ", "113.03\uff0c33.02", "113.03,+33.020"])
def test_a_position_is_longitude_and_latitude_with_any_comma(world, text):
    end = world.end(text)
    assert (end.point.lon, end.point.lat) == pytest.approx((113.03, 33.02))
    assert (end.label, end.place, end.is_outside) == ("113.03000,33.02000", None, False)


def test_a_position_may_come_as_a_mapping_with_a_name(world):
    assert world.end({"lon": 113.03, "lat": 33.02, "name": "路口"}).label == "路口"


def test_a_place_is_found_by_id_name_or_mapping(world):
    ends = [world.end(what) for what in ("clinic", "县医院", " 县医院 ", {"place": "clinic"})]
    assert {end.place.id for end in ends} == {"clinic"}
    assert {end.label for end in ends} == {"县医院"}


def test_an_enterprise_stands_for_its_receiving_point(world):
    end = world.end("宏达面粉")
    assert (end.label, end.place.id, end.choices) == ("宏达面粉", "dock", ())


def test_an_enclosed_enterprise_without_receiving_point_is_refused_by_name(world):
    fault = refusal(world.without_places("dock"), "firm")
    assert (fault.code, fault.facts["enterprise"], fault.facts["name"]) == (
        "receiving-point-missing",
        "firm",
        "宏达面粉",
    )


def test_an_open_enterprise_without_receiving_point_stands_for_itself(world):
    end = world.with_places(place("shop", "enterprise", 113.03, 33.0202)).end("shop")
    assert (end.place.id, end.point.lat) == ("shop", pytest.approx(33.02))


def test_several_receiving_points_are_kept_as_choices_by_id(world):
    end = world.with_places(place("a-dock", "receiving_point", 113.05, 33.04, owner="宏达面粉")).end("firm")
    assert [one.place.id for one in end.choices] == ["a-dock", "dock"]
    assert end.place.id == "a-dock"


@pytest.mark.parametrize(
    "text", ["410100 郑州市", "410100郑州市", "410100:郑州市", "410100\uff1a郑州市", "410100\u3000郑州市"]
)
def test_an_area_code_with_a_name_lies_outside_the_county(world, text):
    end = world.end(text)
    assert (end.area_code, end.label, end.point, end.is_outside) == ("410100", "郑州市", None, True)


def test_an_outside_end_may_name_its_entry_point(world):
    end = world.end({"area_code": "410100", "name": "郑州市", "entry_point": "east"})
    assert (end.area_code, end.label, end.entry_point) == ("410100", "郑州市", "east")


def test_a_place_whose_name_looks_like_an_area_code_is_a_place(world):
    end = world.with_places(place("x", "village", 113.03, 33.02, name="411322 工地")).end("411322 工地")
    assert end.place.id == "x"


def test_an_unknown_place_is_refused_with_near_names(world):
    fault = refusal(world, "医院")
    assert (fault.code, fault.facts["near"]) == ("place-unknown", ["县医院"])


def test_an_ambiguous_place_is_refused_with_the_ids_to_choose_from(world):
    twin = place("clinic2", "hospital", 113.05, 33.02, name="县医院")
    fault = refusal(world.with_places(twin), "县医院")
    assert (fault.code, sorted(fault.facts["ids"])) == ("place-ambiguous", ["clinic", "clinic2"])


def test_a_position_far_from_every_road_is_refused_with_its_distance(world):
    fault = refusal(world, "113.03,33.10")
    assert fault.code == "position-far-from-road"
    assert 6000 < fault.facts["distance_m"] < 7000


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("33.02,113.03", "position-latitude-first"),
        ("999,33", "position-not-a-number"),
        ("", "end-missing"),
        ("   ", "end-missing"),
        ({"place": ""}, "end-missing"),
        ("410100", "area-name-missing"),
        ({"area_code": "410100", "name": " "}, "area-name-missing"),
        ({"area_code": "4101", "name": "郑州市"}, "area-code-not-six-digits"),
        ("411399 邻村", "area-code-is-this-county"),
        ({"lon": "113", "lat": 33}, "position-not-a-number"),
        ({"lon": True, "lat": 33}, "position-not-a-number"),
        ({"lon": float("nan"), "lat": 33.0}, "position-not-a-number"),
        ({"lon": 113}, "end-unreadable"),
        ({"place": 7}, "end-unreadable"),
        ({}, "end-unreadable"),
        (None, "end-unreadable"),
        (["113", "33"], "end-unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_own_code(world, what, code):
    assert refusal(world, what).code == code


@given(st.one_of(st.text(max_size=20), st.from_regex(r"[0-9]{6}[ :,]?.{0,5}|[0-9.]{1,9},[0-9.]{1,9}")))
def test_any_text_is_an_end_or_bad_input(text):
    try:
        end = grid_world(0).end(text)
    except BadInputError:
        return
    assert end.is_outside or end.point is not None
