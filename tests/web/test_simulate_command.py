"""`baotong simulate` answers as the planner's page does, changes nothing, and names what is wrong with a file."""

from __future__ import annotations

import json

import pytest

from web import cli
from web.answer import ExitCode

SOUTH = [[113.01, 32.99], [113.03, 32.99], [113.03, 33.03], [113.01, 33.03], [113.01, 32.99]]


@pytest.fixture
def run(used_county, capsys, tmp_path):
    """Return a function that simulates a polygon and returns (exit code, what was said)."""

    def run_on(content, *words, gates=None, as_json=True):
        area = tmp_path / "area.geojson"
        area.write_text(content, encoding="utf-8")
        if gates is not None:
            (tmp_path / "gates.txt").write_text(gates, encoding="utf-8")
            words = (*words, "--gates", str(tmp_path / "gates.txt"))
        if as_json:
            words = (*words, "--json")
        code = cli.run(["simulate", "--area", str(area), "--county", str(used_county.folder), *words])
        said = capsys.readouterr().out
        return code, json.loads(said) if as_json else said

    return run_on


def polygon(ring):
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def test_an_area_is_answered_with_posts_and_people(run):
    code, said = run(polygon(SOUTH))
    assert (code, said["ok"], said["consequence"]["people_cut_off"]) == (ExitCode.DONE, True, 800)
    assert [one["road"] for one in said["line"]["posts"]] == ["n2", "c1"]


def test_gates_come_one_a_line(run):
    code, said = run(polygon(SOUTH), gates="n2\n\n")
    assert (code, [one["road"] for one in said["line"]["posts"]]) == (ExitCode.DONE, ["c1"])
    assert said["consequence"]["people_cut_off"] == 0


def test_what_counts_as_inside_may_be_changed(run):
    # Half of c1 lies in the area.
    roads = [run(polygon(SOUTH), "--inside-share", share)[1]["line"]["roads_inside"] for share in ("0.4", "0.6")]
    assert roads == [2, 1]
    code, said = run(polygon(SOUTH), "--inside-share", "1")
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "inside-share-out-of-range")
    assert run(polygon(SOUTH), "--structures", "inside")[0] == ExitCode.DONE


def test_the_line_may_move(run):
    _, said = run(polygon(SOUTH), "--move-km", "4")
    assert [one["road"] for one in said["line"]["posts"]] == ["n1"]


@pytest.mark.parametrize(
    ("content", "gates", "code"),
    [
        ("{", None, "json-unreadable"),
        (polygon([SOUTH[0], SOUTH[2], SOUTH[1], SOUTH[3], SOUTH[0]]), None, "area-crosses-itself"),
        (polygon([[100, 20], [101, 20], [101, 21], [100, 20]]), None, "area-outside-county"),
        (polygon(SOUTH), "nowhere", "gate-road-unknown"),
    ],
)
def test_what_is_wrong_is_named(run, content, gates, code):
    exit_code, said = run(content, gates=gates)
    assert (exit_code, said["error"]["code"]) == (ExitCode.BAD_INPUT, code)


def test_the_text_says_it_in_both_languages(run):
    assert "最少值守点 2 处" in run(polygon(SOUTH), as_json=False)[1]
    assert "Fewest staffed posts: 2" in run(polygon(SOUTH), "--lang", "en", as_json=False)[1]
