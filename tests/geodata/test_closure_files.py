"""A closure file is read whole or not at all, with every fault of every row; and what is written reads back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from geodata.closures.closure import Direction, Drawing, Observation
from geodata.closures.files import closure_feature, read_closure_features, read_closures, write_closures
from geodata.errors import BadInputError, RowErrors
from geodata.snapping import RoadIndex
from geodata.windows import Window
from tests.closure_cases import (
    EIGHT,
    HQ,
    LENGTH_M,
    both_regimes,
    class_network,
    closed,
    feature,
    hours,
    latitude,
    line,
    says,
    settings,
    span,
)
from tests.closure_cases import blocked as blockage
from tests.networks import make_network, one_way

NETWORK = class_network()
INDEX = RoadIndex(NETWORK)
RULES = settings()
LOOK = {"at": "2022-06-22T09:00:00+08:00", "state": "blocked", "source": "driver"}
DECISION = {"authority": HQ, "decision": "approved", "decided_at": "2022-06-22T07:00:00+08:00"}


def read(*features, regime=RULES):
    return read_closure_features(features, INDEX, regime, where="f.geojson")


def faults(*features):
    """Return (row, id, code, where) of every fault."""
    with pytest.raises(RowErrors) as caught:
        read(*features)
    assert caught.value.code == "closures-file-has-errors"
    return [(one.facts["row"], one.facts["id"], one.code, one.where) for one in caught.value.rows]


def fault(geometry=..., **properties):
    """Return code and place of the only fault of a feature."""
    geometry = line("c") if geometry is ... else geometry
    ((row, closure_id, code, where),) = faults(feature(geometry, **properties))
    assert (row, closure_id) == (1, "z1")
    return code, where.removeprefix("f.geojson: row 1: ")


def test_a_feature_has_the_documented_defaults():
    (closure,) = read(
        {"type": "Feature", "properties": {"id": "a", "start": "2022-06-22T08:00:00+08:00"}, "geometry": line("c")}
    )
    assert closure.window == Window(EIGHT, None)
    assert (closure.barrier, closure.cause, closure.pass_holders) == ("none", "epidemic", "stopped")
    assert closure.extent == (span("c"),)
    assert closure.extent[0].direction is Direction.BOTH
    assert (closure.decisions, closure.observations, closure.requested) == ((), (), None)


def test_the_default_cause_is_the_regimes_own():
    (closure,) = read(feature(line("c")), regime=settings("animal-disease"))
    assert closure.cause == "animal"


def test_a_regime_without_rules_of_its_own_asks_for_the_cause():
    silent = replace(RULES, policy=replace(RULES.policy, approval_rules=()))
    with pytest.raises(RowErrors) as caught:
        read(feature(line("c")), regime=silent)
    assert [one.code for one in caught.value.rows] == ["cause-missing"]


def test_every_property_is_read():
    (closure,) = read(
        feature(
            line("c", 0, 0.5),
            direction="backward",
            barrier="movable",
            cause="works",
            reason="换桥",
            pass_holders="let_through",
            requested={"end": "2022-06-23T18:00:00+08:00", "length_m": 3200},
            decisions=[
                {**DECISION, "form": "oral", "document_no": "待补", "start": "2022-06-22T08:00:00+08:00"},
                {**DECISION, "decision": "refused", "road_ids": ["c"]},
                {**DECISION, "decision": "withdrawn", "geometry": line("c", 0, 0.25), "end": "2022-06-22T12:00:00Z"},
            ],
            observations=[{**LOOK, "barrier": "wall", "photo": "p1.jpg"}],
        )
    )
    assert closure.extent == (span("c", 0.0, LENGTH_M / 2, Direction.BACKWARD),)
    assert (closure.barrier, closure.cause, closure.reason) == ("movable", "works", "换桥")
    assert (closure.pass_holders, closure.requested["length_m"]) == ("let_through", 3200)
    oral, refused, withdrawn = closure.decisions
    assert (oral.form, oral.document_no, oral.start, oral.end, oral.extent) == ("oral", "待补", EIGHT, None, None)
    assert refused.extent == (span("c", way=Direction.BACKWARD),)
    assert withdrawn.extent == (span("c", 0.0, LENGTH_M / 4, Direction.BACKWARD),)
    assert closure.observations == (Observation(hours(1), "blocked", "driver", "wall", "p1.jpg"),)


def test_named_roads_without_geometry_count_whole():
    (closure,) = read(feature(None, road_ids=["c", "c+"], direction="forward"))
    assert [one.road_id for one in closure.extent] == ["c", "c+"]
    assert closure.extent[0].direction is Direction.FORWARD


def test_several_lines_are_one_extent():
    lines = {"type": "MultiLineString", "coordinates": [line("c", 0, 0.3)["coordinates"], line("t")["coordinates"]]}
    (closure,) = read(feature(lines))
    assert [one.road_id for one in closure.extent] == ["c", "t"]


def test_a_number_serves_as_id_and_the_features_own_member_too():
    (closure,) = read({**feature(line("c"), id=...), "id": 7})
    assert closure.id == "7"


def test_a_blockage_has_id_place_and_observations_only():
    (found,) = read(feature(line("c"), start=..., end=..., requested_by=..., observations=[LOOK]))
    assert found.is_blockage_only
    assert (found.extent, len(found.observations)) == ((span("c"),), 1)


def test_a_decision_may_name_its_own_direction():
    (closure,) = read(feature(line("c"), decisions=[{**DECISION, "direction": "forward"}]))
    assert closure.decisions[0].extent == (span("c", way=Direction.FORWARD),)


def test_properties_that_the_format_does_not_know_are_left_alone():
    assert len(read(feature(line("c"), fid=3, colour="red"))) == 1


def test_a_repeated_decision_or_observation_counts_once():
    (closure,) = read(feature(line("c"), decisions=[DECISION, DECISION], observations=[LOOK, LOOK]))
    assert (len(closure.decisions), len(closure.observations)) == (1, 1)


# Bad input: what is wrong, and where.


@pytest.mark.parametrize(
    ("properties", "code", "where"),
    [
        ({"start": ...}, "closure-without-start", "start"),
        ({"start": ..., "end": ..., "decisions": [DECISION], "observations": [LOOK]}, "closure-without-start", "start"),
        ({"start": ..., "end": ..., "barrier": "wall", "observations": [LOOK]}, "closure-without-start", "start"),
        ({"start": "2022-06-22T08:00:00"}, "time-without-offset", "start"),
        ({"end": "2022-06-22 18:00"}, "time-without-offset", "end"),
        ({"start": "gestern"}, "time-unreadable", "start"),
        ({"start": 1655856000}, "time-unreadable", "start"),
        ({"end": "2022-06-22T08:00:00+08:00"}, "window-reversed", "end"),
        ({"end": "2022-06-21T08:00:00+08:00"}, "window-reversed", "end"),
        ({"direction": "north"}, "direction-unknown", "direction"),
        ({"barrier": "moat"}, "barrier-unknown", "barrier"),
        ({"barrier": "height_bar"}, "barrier-is-vehicle-limit", "barrier"),
        ({"barrier": "width_posts"}, "barrier-is-vehicle-limit", "barrier"),
        ({"cause": "boredom"}, "cause-unknown", "cause"),
        ({"pass_holders": "maybe"}, "pass-holders-unknown", "pass_holders"),
        ({"requested_by": ["杨集乡"]}, "property-not-text", "requested_by"),
        ({"reason": "a\x00b"}, "property-not-text", "reason"),
        ({"reason": "\ud800"}, "property-not-text", "reason"),
        ({"requested": "3 km"}, "property-not-an-object", "requested"),
        ({"requested": {"start": "2022-06-22T08:00:00"}}, "time-without-offset", "requested: start"),
        ({"road_ids": ["nowhere"]}, "road-unknown", "geometry"),
        ({"road_ids": []}, "road-ids-not-a-list", "road_ids"),
        ({"road_ids": "c"}, "road-ids-not-a-list", "road_ids"),
        ({"decisions": {}}, "property-not-a-list", "decisions"),
        ({"decisions": ["approved"]}, "property-not-a-list", "decisions"),
        ({"decisions": [{**DECISION, "authority": " "}]}, "decision-without-authority", "decisions[0]: authority"),
        ({"decisions": [{**DECISION, "decision": "agreed"}]}, "decision-unknown", "decisions[0]: decision"),
        ({"decisions": [DECISION, {"authority": HQ, "decided_at": "2022-06-22T07:00:00Z"}]}, "decision-unknown", "decisions[1]: decision"),
        ({"decisions": [{**DECISION, "form": "sms"}]}, "form-unknown", "decisions[0]: form"),
        ({"decisions": [{**DECISION, "decided_at": None}]}, "decision-without-time", "decisions[0]: decided_at"),
        ({"decisions": [{**DECISION, "decided_at": "2022-06-22"}]}, "time-without-offset", "decisions[0]: decided_at"),
        ({"decisions": [{**DECISION, "start": "2022-06-22T08:00:00Z", "end": "2022-06-22T08:00:00Z"}]}, "window-reversed", "decisions[0]: end"),
        ({"decisions": [{**DECISION, "road_ids": ["q"]}]}, "road-unknown", "decisions[0]: road_ids"),
        ({"decisions": [{**DECISION, "direction": "up"}]}, "direction-unknown", "decisions[0]: direction"),
        ({"observations": [{**LOOK, "at": None}]}, "observation-without-time", "observations[0]: at"),
        ({"observations": [{**LOOK, "state": "closed"}]}, "observation-state-unknown", "observations[0]: state"),
        ({"observations": [{**LOOK, "source": "rumour"}]}, "observation-source-unknown", "observations[0]: source"),
        ({"observations": [{**LOOK, "barrier": "moat"}]}, "barrier-unknown", "observations[0]: barrier"),
        ({"observations": [{**LOOK, "barrier": "height_bar"}]}, "barrier-is-vehicle-limit", "observations[0]: barrier"),
    ],
)  # fmt: skip
def test_each_wrong_property_is_named(properties, code, where):
    assert fault(**properties) == (code, where)


NORTH = latitude("c")


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "closure-without-place"),
        ({"type": "Point", "coordinates": [113.0, NORTH]}, "closure-geometry-not-a-line"),
        ("LINESTRING (0 0, 1 1)", "closure-geometry-not-a-line"),
        ({"type": "LineString"}, "closure-position-unusable"),
        ({"type": "LineString", "coordinates": []}, "closure-line-zero-length"),
        ({"type": "MultiLineString", "coordinates": []}, "closure-line-zero-length"),
        ({"type": "LineString", "coordinates": [[113.0, NORTH]]}, "closure-line-zero-length"),
        ({"type": "LineString", "coordinates": [[113.0, NORTH], [113.0, NORTH]]}, "closure-line-zero-length"),
        ({"type": "LineString", "coordinates": [[113.0, NORTH], ["113.02", NORTH]]}, "closure-position-unusable"),
        ({"type": "LineString", "coordinates": [[113.0, NORTH], [113.02]]}, "closure-position-unusable"),
        ({"type": "LineString", "coordinates": [[NORTH, 113.0], [NORTH, 113.02]]}, "closure-position-unusable"),
        ({"type": "LineString", "coordinates": [[113.0, NORTH], [10**400, NORTH]]}, "closure-position-unusable"),
        ({"type": "LineString", "coordinates": [[113.0, NORTH], [float("nan"), NORTH]]}, "closure-position-unusable"),
        (line("c", north_m=500), "closure-far-from-road"),
    ],
)  # fmt: skip
def test_each_wrong_geometry_is_named(geometry, code):
    assert fault(geometry) == (code, "geometry")


def test_all_faults_of_all_rows_are_told_at_once():
    good = feature(line("c"), id="good")
    found = faults(
        feature(line("c"), id="a", barrier="moat", start="2022-06-22"),
        good,
        feature(line("c", north_m=900), id=...),
    )
    assert found == [
        (1, "a", "time-without-offset", "f.geojson: row 1: start"),
        (1, "a", "barrier-unknown", "f.geojson: row 1: barrier"),
        (3, None, "feature-without-id", "f.geojson: row 3"),
        (3, None, "closure-far-from-road", "f.geojson: row 3: geometry"),
    ]


def test_an_id_used_twice_is_a_fault_of_the_second_row():
    assert faults(feature(line("c")), feature(line("t"))) == [(2, "z1", "closure-id-twice", "f.geojson: row 2: id")]


@pytest.mark.parametrize("bad", ["x" * 101, "a\nb", True, {"a": 1}])
def test_an_id_that_cannot_be_used_is_refused(bad):
    (found,) = faults(feature(line("c"), id=bad))
    assert found[2] in {"feature-id-unusable", "property-not-text"}


def test_properties_must_be_an_object():
    codes = [one[2] for one in faults({"type": "Feature", "properties": [1], "geometry": line("c")})]
    assert codes[0] == "feature-without-properties"


def test_a_file_that_is_no_geojson_is_refused_as_a_whole(tmp_path):
    path = tmp_path / "closures.geojson"
    for text, code in (("{", "json-unreadable"), ('{"features": 3}', "not-a-feature-collection")):
        path.write_text(text)
        with pytest.raises(BadInputError) as caught:
            read_closures(path, INDEX, NETWORK, RULES)
        assert caught.value.code == code


def test_the_index_must_be_the_networks():
    with pytest.raises(ValueError, match="another network"):
        read_closures("never-read", INDEX, class_network(), RULES)


# Writing.

SAMPLES = [
    closed("c", "c+"),
    closed("c", "t", end=None, reason="说明", requested={"a": [1, None]}, pass_holders="let_through", barrier="wall"),
    closed(span("c", way=Direction.BACKWARD), decisions=[says(HQ), says(HQ, "withdrawn", at=hours(1))]),
    closed("c", decisions=[says(HQ, extent=(span("c", way=Direction.FORWARD),), start=hours(1), end=hours(2))]),
    blockage("t", observations=[Observation(hours(1), "blocked", "driver", "wall", "p.jpg")]),
]


@pytest.mark.parametrize("closure", SAMPLES)
def test_what_a_program_made_reads_back_by_road_names(closure):
    (found,) = read(json.loads(json.dumps(closure_feature(closure, NETWORK))))
    plain = replace(found, drawn=None, decisions=tuple(replace(one, drawn=None) for one in found.decisions))
    assert plain == closure
    assert closure_feature(closure, NETWORK)["geometry"] is None


def test_what_was_read_reads_back_the_same(tmp_path):
    drawn = read(
        feature(line("c", 0.1, 0.7, north_m=4), id="a", decisions=[{**DECISION, "geometry": line("c", 0.1, 0.5)}]),
        feature(
            {"type": "MultiLineString", "coordinates": [line("x")["coordinates"], line("v")["coordinates"]]}, id="b"
        ),
        feature(line("t"), id="c", road_ids=["t"], decisions=[{**DECISION, "direction": "backward"}]),
        feature(None, id="d", road_ids=["s", "k"], direction="forward"),
    )
    write_closures(tmp_path / "out.geojson", drawn, NETWORK)
    assert read_closures(tmp_path / "out.geojson", INDEX, NETWORK, RULES) == drawn


def test_a_part_that_a_program_made_is_drawn_on_its_road():
    closure = closed(span("c", 700, 2100))
    written = closure_feature(closure, NETWORK)
    assert written["properties"]["road_ids"] == ["c"]
    (found,) = read(json.loads(json.dumps(written)))
    (part,) = found.extent
    assert (part.from_m, part.to_m) == pytest.approx((700, 2100), abs=0.05)
    assert found.drawn == Drawing((tuple(tuple(p) for p in written["geometry"]["coordinates"]),), ("c",))


def test_an_extent_closed_partly_in_one_and_partly_in_both_directions_has_no_words_in_the_file():
    mixed = closed(span("c", way=Direction.FORWARD), span("t", way=Direction.BOTH))
    with pytest.raises(BadInputError, match="closure-directions-mixed"):
        closure_feature(mixed, NETWORK)


def test_another_regimes_cause_is_read_and_written():
    (closure,) = read(feature(line("c"), cause="animal"), regime=both_regimes())
    assert closure_feature(closure, NETWORK)["properties"]["cause"] == "animal"


# Whatever stands in a file, it is read or refused with a code, never a crash.

scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "id", "direction", "barrier", "cause", "start", "end", "requested_by", "reason", "pass_holders", "requested",
    "decisions", "observations", "road_ids",
]  # fmt: skip


@runs(deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), scraps),
    st.dictionaries(st.sampled_from(["authority", "decision", "decided_at", "start", "geometry", "road_ids"]), scraps),
    scraps | st.just(line("c")) | st.builds(lambda c: {"type": "LineString", "coordinates": c}, scraps),
)
def test_anything_in_a_feature_is_read_or_refused_with_a_code(properties, decision, geometry):
    row = feature(geometry, **{"decisions": [decision], **properties})
    told = []
    try:
        read(row)
    except RowErrors as refused:
        told.extend(refused.rows)
    assert all(one.code and one.where for one in told)


@pytest.mark.parametrize(("direction", "is_right"), [("forward", True), ("both", True), ("backward", False)])
def test_the_side_of_a_one_way_road_that_nobody_drives_cannot_be_closed(direction, is_right):
    index = RoadIndex(make_network([one_way("w", "a", "b")]))
    features = [feature(None, road_ids=["w"], direction=direction)]
    if is_right:
        assert read_closure_features(features, index, settings(), where="f")
        return
    with pytest.raises(RowErrors) as refused:
        read_closure_features(features, index, settings(), where="f")
    assert [one.code for one in refused.value.rows] == ["closure-on-wrong-side"]
