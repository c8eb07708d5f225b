"""Extents are joined, cut and measured like sets of road metres in each direction."""

from hypothesis import given
from hypothesis import strategies as st

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.road_spans import common_spans, join_spans, length_of, same_extent, spans_without

BOTH, FORWARD, BACKWARD = Direction.BOTH, Direction.FORWARD, Direction.BACKWARD


def span(road, start, end, way=BOTH):
    return RoadSpan(road, way, float(start), float(end))


@st.composite
def extents(draw):
    parts = draw(
        st.lists(
            st.tuples(st.sampled_from("ab"), st.integers(0, 12), st.integers(1, 8), st.sampled_from(list(Direction))),
            max_size=6,
        )
    )
    return tuple(span(road, start, start + length, way) for road, start, length, way in parts)


def metres(extent):
    """Oracle: the set of (road, direction, whole metre)."""
    return {
        (one.road_id, way, metre)
        for one in extent
        for way in (FORWARD, BACKWARD)
        if one.direction in (BOTH, way)
        for metre in range(int(one.from_m), int(one.to_m))
    }


@given(extents(), extents())
def test_extents_are_sets_of_road_metres(left, right):
    assert metres(join_spans(left)) == metres(left)
    assert metres(common_spans(left, right)) == metres(left) & metres(right)
    assert metres(spans_without(left, right)) == metres(left) - metres(right)
    assert length_of(left) == len({(road, metre) for road, _, metre in metres(left)})


@given(extents())
def test_joining_twice_changes_nothing(extent):
    assert join_spans(join_spans(extent)) == join_spans(extent)


def test_one_direction_taken_from_both_leaves_the_other():
    assert spans_without([span("a", 0, 100)], [span("a", 20, 50, FORWARD)]) == (
        span("a", 0, 20),
        span("a", 20, 50, BACKWARD),
        span("a", 50, 100),
    )


def test_same_extent_forgives_a_metre_and_not_two():
    assert same_extent((span("a", 0, 100),), (span("a", 0.4, 99.5),))
    assert not same_extent((span("a", 0, 100),), (span("a", 0, 102),))
    assert not same_extent((span("a", 0, 100),), (span("a", 0, 100, FORWARD),))
    assert not same_extent((span("a", 0, 100),), (span("a", 0, 100), span("b", 0, 1)))
