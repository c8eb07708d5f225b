"""`baotong bench`: the table is complete, wrong routers are shown as wrong, and wrong names are refused."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import write_small_county
from web import cli
from web.answer import ExitCode
from web.bench.results import MEASURES
from web.bench.table import table_text

SCHEMA = Path(__file__).parents[2] / "schemas" / "bench.json"
STALE = '''"""A router that never hears of closures."""
from tests.benchmarks.peers.scipy import PACKAGE, ScipyRouter
class Stale(ScipyRouter):
    def close(self, roads): pass
    def reopen(self): pass
make_router = Stale
'''
ABSENT = '"""A router that is not there."""\nimport package_that_nobody_has\n'
ROUTERS = ["baotong", "baotong-search", "stale-one"]
SHORT = ["bench", "--junctions", "500", "--queries", "4", "--repeats", "3", "--budget", "5"]


@pytest.fixture(scope="module")
def peers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("peers")
    (folder / "stale_one.py").write_text(STALE, encoding="utf-8")
    (folder / "absent.py").write_text(ABSENT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def said(peers):
    """The answer of one run with --json."""
    out = io.StringIO()
    with redirect_stdout(out):
        assert cli.run([*SHORT, "--peers-from", str(peers), "--json"]) == 0
    return json.loads(out.getvalue())


def test_answer_is_one_complete_object(said):
    jsonschema.validate(said, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [row["measure"] for row in said["measures"]] == [*MEASURES, "memory"]
    assert all([one["router"] for one in row["results"]] == ROUTERS for row in said["measures"])


def test_wrong_and_absent_routers_are_shown_as_such(said):
    own, bare, stale, absent = said["routers"]
    assert (own["wrong"], own["fault"], bare["wrong"]) == (0, "", 0)
    assert stale["judged"] > stale["wrong"] > 0
    assert (absent["installed"], absent["lacks"]) == (False, "package_that_nobody_has")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["错误答案", "未安装", "时间矩阵", "--group bench"]),
        ("en", ["wrong answers", "not installed", "reopen the area"]),
    ],
)
def test_table_has_a_line_for_every_measure(said, lang, words):
    text = table_text(said, lang)
    assert all(word in text for word in words)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(MEASURES) + 2
    assert {line.count("|") for line in rows} == {2 + len(ROUTERS)}
    assert "{" not in text


def test_no_peers_means_our_engine_alone_and_a_size_goes_before_the_usual_county(capsys, peers, monkeypatch):
    monkeypatch.setenv("BAOTONG_COUNTY", str(peers / "nowhere"))
    assert cli.run([*SHORT, "--peers-from", str(peers), "--peers", "", "--lang", "zh"]) == 0
    out, progress = capsys.readouterr()
    assert "stale" not in out
    assert "时间矩阵" in out
    assert "预热" in progress


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_peer_is_refused_with_the_known_names(capsys, peers, lang):
    code = cli.run([*SHORT, "--peers-from", str(peers), "--peers", "absent,tape", "--json", "--lang", lang])
    error = json.loads(capsys.readouterr().out)["error"]
    assert (code, error["code"], error["where"]) == (ExitCode.BAD_INPUT, "peer-unknown", "--peers")
    assert all(name in error["text"] for name in ("tape", "absent", "stale-one"))
    assert error["remedy"]


def test_a_county_too_small_to_measure_is_refused(capsys, tmp_path):
    folder = write_small_county(tmp_path / "c")
    assert cli.run(["bench", "--county", str(folder), "--peers", "", "--json"]) == ExitCode.BAD_INPUT
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bench-network-small"


def test_a_county_and_a_size_are_one_too_many(capsys, tmp_path):
    assert cli.run([*SHORT, "--county", str(tmp_path)]) == ExitCode.USAGE
    assert "--junctions" in capsys.readouterr().err
