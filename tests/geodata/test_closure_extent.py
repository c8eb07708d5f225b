"""A drawn line means the roads it follows, part of them at its ends, and never the streets it only touches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closure import Direction
from geodata.closures.extent import extent_of_line, extent_of_roads
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import METRES_PER_DEGREE, RoadIndex
from tests.networks import Road, make_network

BOTH = Direction.BOTH


def at(x, y):
    """Degrees of a point so many metres east and north of the corner."""
    return (113.0 + x / (METRES_PER_DEGREE * np.cos(np.radians(33.0))), 33.0 + y / METRES_PER_DEGREE)


def index_of(roads, **junctions):
    """An index over roads given as id -> "AB" or ("AB", bends); lengths are measured on the plane."""
    made, positions = [], {name: at(*place) for name, place in junctions.items()}
    for road_id, (ends, *bends) in roads.items():
        points = [junctions[ends[0]], *bends, junctions[ends[1]]]
        length = float(np.hypot(*np.diff(np.array(points, dtype=float), axis=0).T).sum())
        made.append(Road(road_id, ends[0], ends[1], length, bend=tuple(at(*bend) for bend in bends)))
    return RoadIndex(make_network(made, positions))


#      d                 A cross: w and e along the x axis, n and s off it,
#  ────┼────             and `far`, a road that starts 400 m up.
CROSS = index_of(
    {"w": ("WO",), "e": ("OE",), "n": ("ON",), "s": ("SO",), "far": ("NF",)},
    W=(-500, 0), O=(0, 0), E=(500, 0), N=(0, 400), S=(0, -400), F=(300, 400),
)  # fmt: skip


def match(index, *points, direction=BOTH, among=()):
    drawn = [at(*point) for point in points]
    return extent_of_line(drawn, index, direction=direction, among=among, where="row")


def short(extent):
    return [(one.road_id, round(one.from_m), round(one.to_m)) for one in extent]


def refusal(index, *points, **more):
    with pytest.raises(BadInputError) as caught:
        match(index, *points, **more)
    return caught.value


def test_a_line_through_a_junction_takes_part_of_both_roads_and_no_cross_street():
    assert short(match(CROSS, (-200, 0), (300, 0))) == [("w", 300, 500), ("e", 0, 300)]


def test_a_line_round_a_corner_takes_both_roads():
    assert short(match(CROSS, (-200, 0), (0, 0), (0, 150))) == [("w", 300, 500), ("n", 0, 150)]


def test_a_line_drawn_against_the_digitised_direction_means_the_same_road_parts():
    backwards = match(CROSS, (300, 0), (-200, 0), direction=Direction.FORWARD)
    assert short(backwards) == [("e", 0, 300), ("w", 300, 500)]
    assert {one.direction for one in backwards} == {Direction.FORWARD}


@pytest.mark.parametrize("offset_m", [-15, -5, 5, 15])
def test_a_line_beside_the_road_still_means_it(offset_m):
    found = match(CROSS, (-400, offset_m), (400, offset_m))
    assert short(found) == [("w", 100, 500), ("e", 0, 400)]


def test_a_few_metres_beyond_a_junction_are_the_uncertainty_of_the_drawing():
    assert short(match(CROSS, (-495, 3), (2, 3))) == [("w", 0, 500)]


def test_a_short_line_is_kept_as_short_as_it_is():
    assert short(match(CROSS, (100, 0), (103, 0))) == [("e", 100, 103)]


def test_whole_roads_keep_their_exact_length():
    (found,) = match(CROSS, (-500, 0), (0, 0))
    assert (found.from_m, found.to_m) == (0.0, float(CROSS.network.length_m[CROSS.network.road_index["w"]]))


def test_a_line_over_three_roads_is_in_its_order():
    assert [one.road_id for one in match(CROSS, (0, -100), (0, 400), (200, 400))] == ["s", "n", "far"]


def test_a_hairpin_is_followed_through_its_bend():
    pass_road = index_of({"h": ("AB", (600, 0), (600, 40))}, A=(0, 0), B=(0, 40))
    found = match(pass_road, (300, 1), (600, 1), (600, 39), (200, 39))
    assert short(found) == [("h", 300, 1040)]


def test_a_ring_is_closed_as_a_whole():
    corners = ((100, 0), (100, 100), (0, 100))
    ring = index_of({"ring": ("AA", *corners), "in": ("AB",)}, A=(0, 0), B=(-300, 0))
    found = match(ring, (0, 0), *corners, (0, 0))
    assert short(found) == [("ring", 0, 400)]


def test_two_roads_between_the_same_junctions_are_told_apart():
    pair = index_of({"up": ("AB", (250, 60)), "down": ("AB", (250, -60))}, A=(0, 0), B=(500, 0))
    assert [one.road_id for one in match(pair, (0, 0), (250, 58), (500, 0))] == ["up"]


# Bad input.


def test_a_line_of_zero_length_is_refused():
    assert refusal(CROSS, (10, 0), (10, 0)).code == "closure-line-zero-length"
    assert refusal(CROSS, (10, 0)).code == "closure-line-zero-length"
    assert refusal(CROSS).code == "closure-line-zero-length"


def test_a_line_that_crosses_itself_is_refused_with_the_place():
    error = refusal(CROSS, (-200, 0), (200, 0), (200, 20), (100, 20), (100, -20))
    assert error.code == "closure-line-crosses-itself"
    assert (error.facts["lon"], error.facts["lat"]) == pytest.approx(at(100, 0), abs=1e-5)


def test_a_line_there_and_back_crosses_itself():
    assert refusal(CROSS, (0, 0), (300, 0), (100, 0)).code == "closure-line-crosses-itself"


def test_a_line_far_from_every_road_is_refused_with_the_distance():
    error = refusal(CROSS, (100, 0), (200, 180))
    assert error.code == "closure-far-from-road"
    assert error.facts["distance_m"] == pytest.approx(180, abs=2)
    assert error.where == "row"


def test_coordinates_of_another_system_are_far_from_every_road():
    assert refusal(CROSS, (-200, 1600), (300, 1600)).facts["distance_m"] > 1000


def test_an_empty_network_has_no_road_near():
    nothing = RoadIndex(make_network([]))
    error = refusal(nothing, (0, 0), (100, 0))
    assert (error.code, error.facts["distance_m"]) == ("closure-far-from-road", None)


def test_a_line_across_a_road_is_no_line_along_it():
    error = refusal(CROSS, (200, -9), (200, 9))
    assert (error.code, error.facts["road_ids"]) == ("closure-across-road", ["e"])


def test_a_line_that_jumps_between_roads_is_refused():
    two = index_of({"a": ("AB",), "b": ("CD",)}, A=(0, 0), B=(500, 0), C=(520, 0), D=(900, 0))
    error = refusal(two, (100, 0), (800, 0))
    assert (error.code, error.facts["road_ids"]) == ("closure-off-the-roads", ["a", "b"])


def carriageways(gap_m):
    """Two one-way carriageways so far apart, joined at both ends by ramps."""
    return index_of(
        {"a": ("AB",), "b": ("CD",), "x": ("AC",), "y": ("BD",)},
        A=(0, 0), B=(1000, 0), C=(0, gap_m), D=(1000, gap_m),
    )  # fmt: skip


@pytest.mark.parametrize("gap_m", [4, 8, 12, 20, 30])
def test_a_line_between_two_parallel_roads_asks_which(gap_m):
    error = refusal(carriageways(gap_m), (100, gap_m / 2), (900, gap_m / 2))
    assert error.code == "closure-on-parallel-roads"
    assert {tuple(error.facts["road_ids"]), tuple(error.facts["other_road_ids"])} == {("a",), ("b",)}


def test_roads_on_one_line_ask_which():
    same = index_of({"a": ("AB",), "b": ("AB",)}, A=(0, 0), B=(500, 0))
    assert refusal(same, (0, 0), (500, 0)).code == "closure-on-parallel-roads"


@pytest.mark.parametrize("gap_m", [4, 8, 12, 20, 30])
def test_a_line_on_one_of_two_carriageways_means_that_one(gap_m):
    assert short(match(carriageways(gap_m), (100, 0), (900, 0))) == [("a", 100, 900)]
    assert short(match(carriageways(gap_m), (900, gap_m), (100, gap_m))) == [("b", 100, 900)]


def test_a_line_beside_the_outer_carriageway_means_that_one():
    assert short(match(carriageways(12), (100, -10), (900, -10))) == [("a", 100, 900)]


@pytest.mark.parametrize("road_id", ["a", "b"])
def test_naming_the_road_answers_which(road_id):
    assert short(match(carriageways(8), (100, 4), (900, 4), among=[road_id])) == [(road_id, 100, 900)]


def test_a_ramp_that_leaves_at_a_small_angle_is_no_parallel_road():
    fork = index_of({"in": ("AO",), "on": ("OB",), "off": ("OC",)}, A=(-500, 0), O=(0, 0), B=(500, 0), C=(400, 90))
    assert short(match(fork, (-300, 1), (300, 1))) == [("in", 200, 500), ("on", 0, 300)]


def test_an_unknown_road_is_named():
    error = refusal(CROSS, (0, 0), (100, 0), among=["q"])
    assert (error.code, error.facts["road_id"]) == ("road-unknown", "q")
    with pytest.raises(BadInputError, match="road-unknown"):
        extent_of_roads(["w", "q"], CROSS.network, direction=BOTH, where="row")


def test_named_roads_count_whole_and_once():
    spans = extent_of_roads(["w", "e", "w"], CROSS.network, direction=Direction.BACKWARD, where="row")
    assert [(one.road_id, one.from_m, one.direction) for one in spans] == [
        ("w", 0.0, Direction.BACKWARD),
        ("e", 0.0, Direction.BACKWARD),
    ]


# Any path of a network, drawn with an unsteady hand, means that path again.


def grid() -> Network:
    """A town of bent streets, 6 x 6 corners about 150 m apart."""
    rng = np.random.default_rng(3)
    names = {
        f"{x}{y}": (150 * x + rng.uniform(-20, 20), 150 * y + rng.uniform(-20, 20)) for x in range(6) for y in range(6)
    }
    roads = {}
    for x in range(6):
        for y in range(6):
            for other in [f"{x + 1}{y}", f"{x}{y + 1}"]:
                if other in names:
                    middle = (np.array(names[f"{x}{y}"]) + names[other]) / 2 + rng.uniform(-15, 15, 2)
                    roads[f"{x}{y}-{other}"] = (f"{x}{y}", other, tuple(middle))
    made = []
    for road_id, (start, end, bend) in roads.items():
        points = np.array([names[start], bend, names[end]])
        length = float(np.hypot(*np.diff(points, axis=0).T).sum())
        made.append(Road(road_id, start, end, length, bend=(at(*bend),)))
    return make_network(made, {name: at(*place) for name, place in names.items()})


TOWN = RoadIndex(grid())


@st.composite
def paths(draw):
    """A walk that visits no corner twice: (road, runs forward) each."""
    ends = TOWN.network.ends
    here = draw(st.integers(0, TOWN.network.junction_count - 1))
    seen, path = {here}, []
    for _ in range(draw(st.integers(1, 7))):
        ways = [(road, int(ends[road][0]) == here) for road in range(len(ends)) if here in ends[road]]
        ways = [(road, on) for road, on in ways if int(ends[road][1 if on else 0]) not in seen]
        if not ways:
            break
        road, on = draw(st.sampled_from(ways))
        here = int(ends[road][1 if on else 0])
        seen.add(here)
        path.append((road, on))
    return path


@settings(max_examples=150, deadline=None)
@given(paths(), st.integers(0, 2**31), st.sampled_from([0.0, 2.0, 5.0]))
def test_a_path_drawn_with_an_unsteady_hand_means_that_path(path, seed, jitter_m):
    """The same roads in the same order, whole; only at its two ends the hand may have slipped, by no more than it did."""
    shapes = [TOWN.network.line_of(road)[:: 1 if on else -1] for road, on in path]
    line = np.vstack([shapes[0], *(shape[1:] for shape in shapes[1:])])
    rng = np.random.default_rng(seed)
    angle, radius = rng.uniform(0, 2 * np.pi, len(line)), jitter_m * np.sqrt(rng.uniform(0, 1, len(line)))
    slip = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    drawn = TOWN.plane.to_degrees(TOWN.plane.to_metres(line) + slip)
    found = extent_of_line([tuple(point) for point in drawn.tolist()], TOWN, direction=BOTH, where="row")
    allowed_m = 1.2 * jitter_m + 0.01
    sure = [one for one in found if one.to_m - one.from_m > allowed_m]
    assert [one.road_id for one in sure] == [str(TOWN.network.road_id[road]) for road, _ in path]
    assert sum(one.to_m - one.from_m for one in found if one not in sure) <= 2 * allowed_m
    for one, (road, _) in zip(sure, path, strict=True):
        assert one.from_m <= allowed_m
        assert one.to_m >= TOWN.network.length_m[road] - allowed_m
    assert all(one.from_m == 0.0 for one in sure[1:-1])
