"""`baotong demo` runs the whole thread, prints its summary, and leaves alone what is no demo county."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from geodata.demo.planted import PLANTED_EVERYWHERE
from web import cli
from web.answer import ExitCode
from web.app import create_app
from web.session import Session
from web.site import open_site

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "demo.json").read_text(encoding="utf-8"))


def demo(folder, *options, capsys):
    code = cli.run(["demo", "--dir", str(folder), "--once", "--json", *options])
    captured = capsys.readouterr()
    return code, json.loads(captured.out), captured.err


@pytest.fixture(scope="module")
def key_file(demo_run, tmp_path_factory):
    """A key-encryption key of the tests' own: that of the demo which was run."""
    copy = tmp_path_factory.mktemp("keys") / "key"
    shutil.copy(demo_run[1], copy)
    patch = pytest.MonkeyPatch()
    patch.setenv("BAOTONG_KEY_FILE", str(copy))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def folder(demo_run, key_file, tmp_path_factory):
    """A demo county with its thread run once."""
    where = tmp_path_factory.mktemp("demo") / "demo"
    shutil.copytree(demo_run[0], where)
    return where


def page(folder, lang):
    site = open_site(Session(folder, "", "", as_json=False))
    answer = create_app(site, testing=True).test_client().get(f"/demo?lang={lang}")
    site.store.dispose()
    return answer


def test_the_thread_runs_and_its_summary_keeps_the_contract(folder, capsys):
    code, summary, progress = demo(folder, capsys=capsys)
    jsonschema.validate(summary, SCHEMA)
    assert code == ExitCode.DONE
    assert summary["verdict"] == "green"
    assert summary["county"]["junctions"] > 15_000
    assert progress


def test_the_audit_finds_exactly_what_was_planted(folder, capsys):
    planted = sorted((check, subject) for check, subjects in PLANTED_EVERYWHERE.items() for subject in subjects)
    _, summary, _ = demo(folder, capsys=capsys)
    assert sorted((row["check"], row["closure"]) for row in summary["audit"]["findings"]) == planted
    assert cli.run(["closures", "audit", "--county", str(folder), "--json"]) == ExitCode.RULE_SAYS_NO
    told = json.loads(capsys.readouterr().out)["findings"]
    assert sorted((row["check"], row["closure"]) for row in told) == planted


def test_running_again_keeps_what_was_issued(folder, capsys):
    _, first, _ = demo(folder, capsys=capsys)
    _, second, _ = demo(folder, capsys=capsys)
    assert int(second["pass"]["number"]) > int(first["pass"]["number"])


def test_the_demos_root_has_signed_its_keys_and_signs_the_next_list(folder, tmp_path, capsys):
    request, signed = tmp_path / "request.json", tmp_path / "list.jwt"
    for words in (
        ("keys", "request", "--out", request, "--county", folder),
        ("keys", "root", "sign", request, "--root", folder / "root" / "root.key", "--out", signed, "--passphrase-file",
         folder / "root" / "passphrase"),
        ("keys", "publish", signed, "--county", folder),
    ):  # fmt: skip
        assert cli.run([*map(str, words), "--json"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["number"] == 2
    assert cli.run(["keys", "list", "--county", str(folder), "--json"]) == ExitCode.DONE
    assert [one["state"] for one in json.loads(capsys.readouterr().out)["keys"]] == ["signing"]


def test_reset_builds_the_demo_anew(folder, capsys):
    _, summary, _ = demo(folder, "--reset", capsys=capsys)
    assert summary["pass"]["number"].endswith("000001")


@pytest.mark.parametrize("reset", [(), ("--reset",)])
def test_another_county_is_left_alone(small_county, key_file, capsys, reset):
    before = sorted(path.name for path in small_county.folder.iterdir())
    code, failure, _ = demo(small_county.folder, *reset, capsys=capsys)
    assert (code, failure["error"]["code"]) == (ExitCode.BAD_INPUT, "not-a-demo-county")
    assert sorted(path.name for path in small_county.folder.iterdir()) == before


def test_any_other_folder_is_left_alone(tmp_path, key_file, capsys):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    code, failure, _ = demo(tmp_path / "notes", capsys=capsys)
    assert (code, failure["error"]["code"]) == (ExitCode.BAD_INPUT, "not-a-demo-county")
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["mine.txt"]


def test_a_taken_port_is_said_before_anything_is_built(tmp_path, capsys):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code = cli.run(["demo", "--dir", str(tmp_path / "d"), "--port", str(taken.getsockname()[1]), "--json"])
    assert code == ExitCode.SURROUNDINGS
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "port-taken"
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("放行", "未见批准记录")), ("en", ("Let pass", "no approval on record"))]
)
def test_the_page_says_the_thread_in_both_languages(folder, lang, words):
    text = page(folder, lang).get_data(as_text=True)
    assert all(word in text for word in words)
    assert "{" not in text.split("<body>")[1]


def test_the_page_loads_nothing_from_elsewhere(folder):
    shown = page(folder, "zh")
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "http" not in shown.get_data(as_text=True).replace("http://www.w3.org/2000/svg", "").split("data-copy")[0]


def test_the_demo_keeps_the_kernels_that_it_compiles(demo_run):
    assert demo_run[0].with_name("kept").read_text() == "True"
