"""The command line answers in JSON or text, in both languages, with the contract's exit codes."""

import json

import pytest

from geodata.errors import BadInputError, BaotongError, SurroundingsError
from web import cli
from web.answer import ExitCode, exit_code_of


def run(capsys, *arguments):
    code = cli.run(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def commands(table=cli.COMMANDS, before=()):
    """Every command of the tree, as words."""
    for name, entry in table.items():
        yield from [(*before, name)] if isinstance(entry, str) else commands(entry, (*before, name))


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_explains_itself_and_takes_the_shared_options(capsys, words):
    code, out, _ = run(capsys, *words, "--help")
    assert code == 0
    assert all(option in out for option in ("--county", "--database-url", "--json", "--lang"))


def test_unknown_command_is_a_usage_error(capsys):
    code, out, err = run(capsys, "fly")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "fly" in err


def test_usage_error_with_json_is_one_object_on_stdout(capsys):
    code, out, _ = run(capsys, "route", "--json")
    assert code == ExitCode.USAGE
    assert json.loads(out)["error"]["code"] in {"usage", "county-not-named"}


def test_missing_county_is_bad_input_with_a_remedy(capsys, tmp_path):
    code, out, _ = run(capsys, "closures", "list", "--json", "--county", str(tmp_path / "nowhere"))
    assert code == ExitCode.BAD_INPUT
    error = json.loads(out)["error"]
    assert error["code"] == "county-folder-missing"
    assert "nowhere" in error["where"]
    assert error["remedy"]


def test_no_county_at_all_is_a_usage_error(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BAOTONG_COUNTY", raising=False)
    code, out, _ = run(capsys, "closures", "list", "--json")
    assert code == ExitCode.USAGE
    assert json.loads(out)["error"]["code"] == "county-not-named"


@pytest.mark.parametrize(("lang", "words"), [("zh", "没有这个县文件夹"), ("en", "no such county folder")])
def test_errors_speak_the_language_asked_for(capsys, tmp_path, lang, words):
    _, _, err = run(capsys, "closures", "list", "--lang", lang, "--county", str(tmp_path / "nowhere"))
    assert words in err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInputError("x"), ExitCode.BAD_INPUT),
        (SurroundingsError("x"), ExitCode.SURROUNDINGS),
        (BaotongError("no-route"), ExitCode.NO_ROUTE),
    ],
)
def test_each_error_has_its_exit_code(error, code):
    assert exit_code_of(error) == code


def test_a_fault_of_ours_is_exit_70_without_a_traceback(capsys, monkeypatch):
    monkeypatch.delenv("BAOTONG_DEBUG", raising=False)
    monkeypatch.setattr(cli, "root", lambda: 1 / 0)
    code, _, err = run(capsys, "route")
    assert code == ExitCode.BUG
    assert "Traceback" not in err
