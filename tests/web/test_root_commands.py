"""The ceremony of the root at the command line: made and used off the server, published on it; two people for the keys."""

import json
import stat

import pytest

from geodata.geojson import read_json
from passes.keyring.root_key import public_root
from passes.verifying.key_list import read_key_list
from web import cli

PASSPHRASE = "long enough for a root"


@pytest.fixture
def run(used_county, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key"))
    (tmp_path / "phrase").write_text(f"{PASSPHRASE}\n")

    def run_json(*words, county=True):
        where = ["--county", str(used_county.folder)] if county else []
        code = cli.run([*map(str, words), "--json", *where])
        return code, json.loads(capsys.readouterr().out)

    return run_json


@pytest.fixture
def root(run, tmp_path):
    """A root made where there is no county."""
    code, said = run("keys", "root", "new", "--out", tmp_path / "root.key", "--public", tmp_path / "root.json",
                     "--passphrase-file", tmp_path / "phrase", county=False)  # fmt: skip
    assert (code, said["ok"]) == (0, True)
    return tmp_path / "root.key"


def sign(run, root, folder):
    return run("keys", "root", "sign", folder / "request.json", "--root", root, "--out", folder / "list.jwt",
               "--passphrase-file", folder / "phrase", county=False)  # fmt: skip


def ceremony(run, root, folder, *further):
    assert run("keys", "request", "--out", folder / "request.json")[0] == 0
    assert sign(run, root, folder)[0] == 0
    return run("keys", "publish", folder / "list.jwt", *further)


def states(run):
    return [one["state"] for one in run("keys", "list")[1]["keys"]]


def test_a_key_waits_for_the_root_and_the_exported_list_verifies_under_it(run, root, tmp_path):
    run("keys", "new")
    assert ceremony(run, root, tmp_path, "--root", tmp_path / "root.json")[1]["number"] == 1
    run("keys", "new")
    assert states(run) == ["signing", "waiting"]
    assert ceremony(run, root, tmp_path)[1]["number"] == 2
    assert states(run) == ["signing", "published"]
    known = public_root(read_json(tmp_path / "root.json"), where="root.json")
    assert read_key_list(run("keys", "export")[1], where="f", root=known).number == 2


def test_the_file_of_the_root_is_private_and_never_overwritten(run, root, tmp_path):
    assert stat.S_IMODE(root.stat().st_mode) == 0o600
    again = run("keys", "root", "new", "--out", root, "--public", tmp_path / "x.json",
                "--passphrase-file", tmp_path / "phrase", county=False)  # fmt: skip
    assert (again[0], again[1]["error"]["code"]) == (3, "root-file-exists")


def test_a_wrong_passphrase_is_told(run, root, tmp_path):
    run("keys", "new")
    run("keys", "request", "--out", tmp_path / "request.json")
    (tmp_path / "phrase").write_text("another long passphrase\n")
    code, said = sign(run, root, tmp_path)
    assert (code, said["error"]["code"], bool(said["error"]["remedy"])) == (3, "passphrase-wrong", True)


def test_another_issuer_is_trusted_until_its_day(run, root, tmp_path, small_county):
    run("keys", "new")
    (tmp_path / "other.json").write_text(json.dumps({**run("keys", "export")[1], "iss": "411300"}))
    add = ("keys", "trust", "add", "411300", "--name", "南阳市", "--jwks", tmp_path / "other.json", "--until")
    assert run(*add, "2020-01-01T00:00:00Z")[1]["error"]["code"] == "trust-without-end"
    assert run(*add, "2099-01-01T00:00:00Z")[0] == 0
    assert ceremony(run, root, tmp_path, "--root", tmp_path / "root.json")[1]["trusted"][0]["issuer"] == "411300"
    run("keys", "trust", "drop", "411300")
    assert run("keys", "trust", "list")[1]["trusted"] == []


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"crv": "P-384"}, "key-not-p256", "keys[0]: crv"),
        ({"d": "AAAA"}, "key-private", "keys[0]"),
    ],
)
def test_keys_of_another_issuer_are_refused_by_the_name_of_the_place(run, tmp_path, change, code, place):
    run("keys", "new")
    document = run("keys", "export")[1]
    document.update(iss="411300", keys=[{**document["keys"][0], **change}])
    (tmp_path / "other.json").write_text(json.dumps(document))
    refused = run("keys", "trust", "add", "411300", "--name", "x", "--jwks", tmp_path / "other.json", "--until",
                  "2099-01-01T00:00:00Z")  # fmt: skip
    assert (refused[0], refused[1]["error"]["code"]) == (3, code)
    assert refused[1]["error"]["where"].endswith(place)


@pytest.fixture
def people(run, tmp_path):
    """Two accounts, each with a file of its password."""
    for name, role, unit in (("t", "T", ""), ("hq", "HQ", "epidemic_hq")):
        said = run("accounts", "add", name, "--role", role, *(["--unit", unit] if unit else []))[1]
        (tmp_path / name).write_text(said["password"] + "\n")
    run("keys", "new")


def by(folder, name):
    return ("--by", name, "--password-file", folder / name)


def test_with_two_people_neither_acts_alone(run, people, tmp_path):
    assert run("keys", "rotate")[1]["error"]["code"] == "key-act-needs-two"
    act = run("keys", "propose", "rotate", "--reason", "到期", *by(tmp_path, "t"))[1]["id"]
    assert run("keys", "confirm", act, *by(tmp_path, "t"))[1]["error"]["code"] == "key-act-own"
    assert run("keys", "confirm", act, "--by", "hq", "--password-file", tmp_path / "t")[1]["error"]["code"] == (
        "person-not-known"
    )
    assert states(run) == ["signing"]
    assert run("keys", "confirm", act, *by(tmp_path, "hq"))[0] == 0
    assert states(run) == ["signing", "published"]
    assert [one["account"] for one in run("keys", "acts")[1]["acts"][0]["steps"]] == ["t", "hq"]


def test_a_county_without_accounts_withdraws_at_the_command_line_and_the_log_says_so(run):
    run("keys", "new")
    kid = run("keys", "list")[1]["keys"][0]["kid"]
    assert run("keys", "withdraw", kid, "--reason", "被盗")[1]["ok"]
    assert sorted(states(run)) == ["signing", "withdrawn"]
    assert run("keys", "acts")[1]["acts"][0]["steps"][0]["step"] == "alone"
    assert run("log", "verify")[1]["ok"]
    assert run("keys", "withdraw", "unknown")[1]["error"]["code"] == "signing-key-unknown"


def test_the_database_of_the_server_never_holds_the_root_s_secret(run, root, tmp_path, small_county):
    run("keys", "new")
    ceremony(run, root, tmp_path, "--root", tmp_path / "root.json")
    secret = json.loads(root.read_text())["secret"].encode()
    assert all(secret not in path.read_bytes() for path in small_county.folder.rglob("*") if path.is_file())


def another_root(run, folder):
    run("keys", "root", "new", "--out", folder / "next.key", "--public", folder / "next.json",
        "--passphrase-file", folder / "phrase", county=False)  # fmt: skip
    return folder / "next.key"


def test_a_root_hands_on_to_the_next_one_at_the_command_line(run, root, tmp_path, small_county):
    run("keys", "new")
    ceremony(run, root, tmp_path, "--root", tmp_path / "root.json")
    following, issuer = another_root(run, tmp_path), small_county.settings.area_code
    code, said = run("keys", "root", "succeed", tmp_path / "next.json", "--issuer", issuer, "--root", root, "--out",
                     tmp_path / "step.jwt", "--passphrase-file", tmp_path / "phrase", county=False)  # fmt: skip
    assert (code, len(said["fingerprint"].split())) == (0, 8)
    further = ("--root", tmp_path / "next.json")
    assert ceremony(run, following, tmp_path, *further)[1]["error"]["code"] == "root-known"
    assert ceremony(run, following, tmp_path, *further, "--succession", tmp_path / "step.jwt")[1]["number"] == 2


def test_a_stolen_root_is_replaced_by_two_people(run, root, people, tmp_path):
    ceremony(run, root, tmp_path, "--root", tmp_path / "root.json")
    following = another_root(run, tmp_path)
    further = ("--root", tmp_path / "next.json")
    alone = ceremony(run, following, tmp_path, *further, "--lost-root", "被盗")
    assert alone[1]["error"]["code"] == "key-act-needs-two"
    act = run("keys", "propose", "root", tmp_path / "next.json", "--reason", "被盗", *by(tmp_path, "t"))[1]
    assert len(act["about"].split()) == 8
    assert ceremony(run, following, tmp_path, *further)[1]["error"]["code"] == "root-known"
    assert run("keys", "confirm", act["id"], *by(tmp_path, "hq"))[0] == 0
    assert ceremony(run, following, tmp_path, *further)[1]["number"] == 2
