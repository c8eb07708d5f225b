"""`baotong closures order` signs what is approved, gives it again, and judges what hangs at a barrier."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.web.test_closures_command import HQ, closure
from web import cli
from web.answer import ExitCode

SCHEMAS = Path(__file__).parents[1] / "schemas"
WINDOW = {"start": "2022-06-22T08:00:00+08:00", "end": "2099-06-24T08:00:00+08:00"}


@pytest.fixture
def run(used_county, tmp_path, monkeypatch, capsys):
    """Return a function that runs a command with --json and returns (exit code, answer)."""
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key"))

    def run_json(*words):
        code = cli.run([*words, "--json", "--county", str(used_county.folder)])
        return code, json.loads(capsys.readouterr().out)

    return run_json


@pytest.fixture
def take(run, tmp_path):
    """Return a function that imports closures."""

    def imported(*features):
        path = tmp_path / "closures.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        code, said = run("closures", "import", str(path))
        assert code == 0, said

    return imported


def test_an_approved_closure_is_signed_verified_and_given_again(run, take, tmp_path):
    take(closure("z1", decisions=[{**HQ, "document_no": "1号"}], **WINDOW))
    code, said = run("closures", "order", "z1", "--qr", str(tmp_path / "z1.png"))
    jsonschema.validate(said, json.loads((SCHEMAS / "closures-order.json").read_text(encoding="utf-8")))
    order = said["order"]
    assert (code, order["again"], order["roads"][0]["road_id"]) == (0, False, "c1")
    assert (tmp_path / "z1.png").read_bytes().startswith(b"\x89PNG")
    for text in (order["token"], order["url"]):
        code, verdict = run("closures", "order", "--verify", text)
        assert (code, verdict["verdict"], verdict["order"]["closure"]) == (ExitCode.DONE, "green", "z1")
    assert run("closures", "order", "z1")[1]["order"]["again"] is True


def test_offline_with_the_keys_alone_it_is_amber_and_a_pass_s_word_is_not_used(run, take, tmp_path):
    take(closure("z1", decisions=[HQ], **WINDOW))
    url = run("closures", "order", "z1")[1]["order"]["url"]
    keys = run("keys", "export")[1]
    (tmp_path / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    code, verdict = run("closures", "order", "--verify", url, "--jwks", str(tmp_path / "keys.json"))
    assert (code, verdict["reasons"][0]["code"]) == (ExitCode.AMBER, "order-offline")
    code, verdict = run("pass", "verify", url)
    assert (code, verdict["verdict"]) == (ExitCode.RED, "red")


def test_a_withdrawn_approval_is_red_at_once(run, take):
    take(closure("z1", decisions=[HQ], **WINDOW))
    url = run("closures", "order", "z1")[1]["order"]["url"]
    gone = {**HQ, "decision": "withdrawn", "decided_at": "2022-06-22T08:00:00+08:00"}
    take(closure("z1", decisions=[HQ, gone], **WINDOW))
    code, verdict = run("closures", "order", "--verify", url)
    assert (code, verdict["reasons"][0]["text"]) == (ExitCode.RED, "未见批准记录：批准已撤回")
    code, said = run("closures", "order", "z1")
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "order-without-approval")


def test_without_approval_the_remedy_names_who_decides(run, take):
    take(closure("z1", **WINDOW))
    code, said = run("closures", "order", "z1")
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "order-without-approval")
    assert "疫情防控指挥部" in said["error"]["remedy"]
    assert run("closures", "order", "nobody")[1]["error"]["code"] == "closure-unknown"


@pytest.mark.parametrize("words", [[], ["z1", "--verify", "x"], ["z1", "--at", "2022-06-22T08:00:00+08:00"]])
def test_signing_and_verifying_are_not_mixed(run, words):
    assert run("closures", "order", *words)[0] == ExitCode.USAGE


def test_nonsense_is_red_in_both_languages(small_county, capsys):
    for lang, said in (("zh", "未见批准记录"), ("en", "No approval on record")):
        code = cli.run(["closures", "order", "--verify", "12", "--lang", lang, "--county", str(small_county.folder)])
        assert code == ExitCode.RED
        assert said in capsys.readouterr().out
