"""`baotong keys` and `baotong pass status-list` answer as their schemas say, and keep private keys to themselves."""

import json
from pathlib import Path

import jsonschema
import pytest
from joserfc.jwk import KeySet

from geodata.store import open_store
from passes.verifying.key_list import read_key_list
from passes.verifying.status_list import read_status_list
from web import cli

SCHEMAS = Path(__file__).parents[1] / "schemas"


@pytest.fixture
def run(used_county, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key"))

    def run_json(*words):
        code = cli.run([*words, "--json", "--county", str(used_county.folder)])
        said = json.loads(capsys.readouterr().out)
        name = "-".join(words[:2]).removeprefix("pass-").replace("rotate", "new")
        jsonschema.validate(said, json.loads((SCHEMAS / ("failure.json" if code else f"{name}.json")).read_text()))
        return code, said

    return run_json


def states(run):
    return [one["state"] for one in run("keys", "list")[1]["keys"]]


def test_before_the_first_there_is_no_key(run):
    assert run("keys", "list") == (0, {"ok": True, "keys": []})


def test_the_first_key_signs_at_once_and_the_next_in_seven_days(run):
    run("keys", "new")
    run("keys", "new")
    assert states(run) == ["signing", "published"]


def test_rotation_publishes_the_successor(run):
    run("keys", "new")
    code, said = run("keys", "rotate")
    listed = run("keys", "list")[1]["keys"]
    assert code == 0
    assert listed[0]["retired_at"] == listed[1]["usable_from"] == said["key"]["usable_from"]


def test_compromised_keys_are_withdrawn(run):
    run("keys", "new")
    run("keys", "rotate", "--compromised")
    assert sorted(states(run)) == ["signing", "withdrawn"]
    assert len(run("keys", "export")[1]["withdrawn"]) == 1


def test_the_export_is_a_key_set_without_private_parts(run):
    run("keys", "new")
    said = run("keys", "export")[1]
    assert len(KeySet.import_key_set(said).keys) == len(read_key_list(said, where="f").keys) == 1
    assert '"d"' not in json.dumps(said)


def test_the_export_can_be_written_to_a_file(run, small_county, tmp_path):
    cli.run(["keys", "new", "--county", str(small_county.folder)])
    assert cli.run(["keys", "export", "--out", str(tmp_path / "k.json"), "--county", str(small_county.folder)]) == 0
    assert read_key_list(json.loads((tmp_path / "k.json").read_text()), where="k.json").issuer == "411399"


def test_the_status_list_is_signed_by_an_exported_key(run):
    said = run("pass", "status-list")[1]
    keys = read_key_list(run("keys", "export")[1], where="f")
    assert read_status_list(said["token"], keys, where="f").uri == said["uri"] == "/status/1"


def test_a_list_that_is_not_there_is_refused_with_those_that_are(run):
    code, said = run("pass", "status-list", "--uri", "/status/9")
    assert (code, said["error"]["code"]) == (3, "status-list-unknown")
    assert "/status/1" in said["error"]["remedy"]


def test_a_list_can_be_written_to_a_file(run, small_county, tmp_path, capsys):
    out = tmp_path / "list.jwt"
    assert cli.run(["pass", "status-list", "--out", str(out), "--county", str(small_county.folder)]) == 0
    keys = read_key_list(run("keys", "export")[1], where="f") if capsys.readouterr() else None
    assert read_status_list(out.read_text().strip(), keys, where="f").uri == "/status/1"


def test_a_key_file_in_the_county_folder_is_refused(run, small_county, monkeypatch):
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(small_county.folder / "key"))
    code, said = run("keys", "new")
    assert (code, said["error"]["code"]) == (3, "key-file-in-county-folder")
    assert not (small_county.folder / "key").exists()


def test_a_key_file_that_others_may_read_is_refused(run, tmp_path):
    run("keys", "new")
    (tmp_path / "key").chmod(0o644)
    code, said = run("keys", "rotate")
    assert (code, said["error"]["code"]) == (5, "key-file-too-open")
    assert states(run) == ["signing"]


def test_without_its_key_file_no_key_is_made_or_lost(run, tmp_path):
    run("keys", "new")
    (tmp_path / "key").unlink()
    assert run("keys", "new")[0] == 5
    assert states(run) == ["signing"]


def test_without_a_setting_the_key_file_is_in_the_user_s_own_folder(run, tmp_path, monkeypatch):
    monkeypatch.delenv("BAOTONG_KEY_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    run("keys", "new")
    assert [path.name for path in tmp_path.rglob("key-encryption-key")] == ["key-encryption-key"]


def test_no_secret_is_in_the_county_folder(run, small_county, tmp_path):
    run("keys", "new")
    encryption_key = (tmp_path / "key").read_bytes().strip()
    open_store(small_county.database_url).dispose()
    assert all(encryption_key not in path.read_bytes() for path in small_county.folder.iterdir())


@pytest.mark.parametrize(("lang", "words"), [("zh", "还没有签名密钥"), ("en", "no signing key yet")])
def test_as_text_it_speaks_both_languages(small_county, capsys, lang, words):
    assert cli.run(["keys", "list", "--lang", lang, "--county", str(small_county.folder)]) == 0
    assert words in capsys.readouterr().out
