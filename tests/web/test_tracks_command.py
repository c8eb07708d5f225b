"""`baotong tracks import` takes a file whole or not at all, once, and tells what the tracks show."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from web import cli
from web.answer import ExitCode
from web.session import now


@pytest.fixture
def run(small_county, capsys, tmp_path):
    """Return a function that imports lines and returns (exit code, what was said)."""

    def run_it(*lines):
        file = tmp_path / "tracks.jsonl"
        file.write_text("\n".join(lines), encoding="utf-8")
        code = cli.run(["tracks", "import", str(file), "--county", str(small_county.folder), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run_it


def track(key, **changes):
    start = now() - timedelta(hours=1)
    spots = [[113.02, 33.02 - 0.002 * step, (start + timedelta(seconds=15 * step)).isoformat()] for step in range(10)]
    return json.dumps({"id": key, "positions": spots, **changes})


def test_a_file_is_taken_once(run):
    code, said = run(track("a"), track("b"))
    assert (code, said["taken"], said["passages"]) == (ExitCode.DONE, 2, 0)
    code, said = run(track("a"), track("b"))
    assert (code, said["taken"], said["known"]) == (ExitCode.DONE, 0, 2)


def test_one_bad_line_and_nothing_is_taken(run):
    code, said = run(track("a"), track("b", vehicle="tank"))
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "tracks-file-has-errors")
    assert run(track("a"))[1]["taken"] == 1
