"""`baotong accounts` opens, resets and closes accounts; a password is shown once and never kept."""

from __future__ import annotations

import json

import pytest

from web import cli
from web.answer import ExitCode
from web.messages import error_wording


@pytest.fixture
def run(used_county, capsys):
    def on_the_small_county(*arguments):
        code = cli.run(["accounts", *arguments, "--county", str(used_county.folder), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return on_the_small_county


def test_an_account_is_opened_with_a_password_shown_once(run):
    code, answer = run("add", "Zhang.San", "--role", "T")
    assert (code, answer["name"], len(answer["password"]) >= 8) == (ExitCode.DONE, "zhang.san", True)
    assert "password" not in json.dumps(run("list")[1])


def test_a_reset_gives_another_password_and_a_close_is_listed(run):
    _, first = run("add", "t", "--role", "T")
    assert run("reset", "T")[1]["password"] != first["password"]
    assert run("close", "t")[0] == ExitCode.DONE
    assert run("list")[1]["accounts"] == [{"name": "t", "role": "T", "unit": "", "closed": True}]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("add", "t t", "--role", "T"), "account-name-unusable"),
        (("add", "e", "--role", "E"), "unit-missing"),
        (("add", "t", "--role", "T", "--unit", "东镇"), "unit-needless"),
        (("add", "hq", "--role", "HQ", "--unit", "nobody"), "unit-unknown"),
        (("add", "c", "--role", "C", "--unit", "dock"), "unit-unknown"),
        (("reset", "nobody"), "account-unknown"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(run, arguments, fault):
    code, answer = run(*arguments)
    assert (code, answer["error"]["code"]) == (ExitCode.BAD_INPUT, fault)
    assert error_wording(fault).zh != fault


def test_a_name_is_taken_once_whatever_its_letters(run):
    run("add", "t", "--role", "T")
    assert run("add", "T", "--role", "S")[1]["error"]["code"] == "account-exists"
