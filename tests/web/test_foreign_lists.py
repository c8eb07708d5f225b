"""Lists of other issuers: fetched from where they are published, carried as files, and known at the checkpoint."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from passes.verifying.key_list import write_key_list
from passes.verifying.status_list import Status
from tests.road_world import the_moment
from tests.signed_passes import ROOT, forge_list, key_list, status_list
from tests.vectors.issuer_vectors import NEIGHBOUR, NEIGHBOUR_KEY
from web import cli


@pytest.fixture
def run(used_county, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key"))

    def run_json(*words):
        code = cli.run([*map(str, words), "--json", "--county", str(used_county.folder)])
        return code, json.loads(capsys.readouterr().out)

    return run_json


@pytest.fixture
def published():
    """What another issuer publishes, by path; the address is its `url`."""

    class Given(BaseHTTPRequestHandler):
        answers: ClassVar[dict[str, tuple[int, str]]] = {}

        def do_GET(self):
            status, text = self.answers.get(self.path, (404, ""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", text)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Given)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Given.url = f"http://127.0.0.1:{server.server_port}"
    yield Given
    server.shutdown()
    thread.join()
    server.server_close()


def trust(run, folder, address):
    keys = key_list(NEIGHBOUR_KEY, issuer=NEIGHBOUR, issued_at=the_moment())
    (folder / "other.json").write_text(json.dumps(write_key_list(keys)))
    return run("keys", "trust", "add", NEIGHBOUR, "--name", "南阳市", "--jwks", folder / "other.json", "--until",
               "2099-01-01T00:00:00Z", *(["--address", address] if address else []))  # fmt: skip


def list_of(*, hours=1.0, key=NEIGHBOUR_KEY, uri="/status/1", withdrawn=(5,)):
    at = (the_moment() - timedelta(hours=hours)).replace(microsecond=0)
    return forge_list(replace(status_list(dict.fromkeys(withdrawn, Status.WITHDRAWN), at=at), uri=uri), key)


def test_lists_are_fetched_until_there_is_no_further_one(run, tmp_path, published):
    assert trust(run, tmp_path, published.url + "/")[0] == 0
    published.answers = {"/status/1": (200, list_of()), "/status/2": (200, list_of(uri="/status/2"))}
    assert run("keys", "trust", "fetch")[1]["fetched"] == [{"issuer": NEIGHBOUR, "lists": 2}]
    held = run("keys", "trust", "lists")[1]
    assert [one["uri"] for one in held["lists"]] == ["/status/1", "/status/2"]
    assert held["addresses"] == {NEIGHBOUR: published.url}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((404, ""), "trust-address-silent"),
        ((500, ""), "trust-address-silent"),
        ((302, "/status/2"), "trust-address-silent"),
        ((200, "no list"), "status-list-unreadable"),
        ((200, list_of(key=ROOT)), "status-list-not-signed"),
        ((200, list_of(hours=-2)), "status-list-from-the-future"),
        ((200, list_of(hours=30)), "status-list-older"),
    ],
)
def test_what_cannot_be_taken_is_told_and_the_list_that_is_held_stays(run, tmp_path, published, answer, code):
    trust(run, tmp_path, published.url)
    published.answers = {"/status/1": (200, list_of()), "/status/2": (404, "")}
    run("keys", "trust", "fetch")
    before = run("keys", "trust", "lists")[1]["lists"]
    published.answers = {"/status/1": answer, "/status/2": (404, "")}
    status, said = run("keys", "trust", "fetch")
    assert (status, said["error"]["code"], bool(said["error"]["remedy"])) == (3, code, True)
    assert run("keys", "trust", "lists")[1]["lists"] == before


def test_nobody_at_the_address_is_told(run, tmp_path):
    trust(run, tmp_path, "http://127.0.0.1:9")
    assert run("keys", "trust", "fetch")[1]["error"]["code"] == "trust-address-silent"


@pytest.mark.parametrize("address", ["ftp://x.example", "https://", "https://u:p@x.example", "https://x.example?a=1"])
def test_an_address_that_cannot_be_is_refused(run, tmp_path, address):
    assert trust(run, tmp_path, address)[1]["error"]["code"] == "trust-address-unusable"


def test_carried_files_are_taken_all_or_none(run, tmp_path):
    assert trust(run, tmp_path, "")[0] == 0
    good, bad = tmp_path / "good.jwt", tmp_path / "bad.jwt"
    good.write_text(list_of())
    bad.write_text(list_of(key=ROOT))
    assert run("keys", "trust", "import", NEIGHBOUR, good, bad)[1]["error"]["code"] == "status-list-not-signed"
    assert run("keys", "trust", "lists")[1]["lists"] == []
    assert len(run("keys", "trust", "import", NEIGHBOUR, good)[1]["lists"]) == 1
    assert run("keys", "trust", "import", "411700", good)[1]["error"]["code"] == "trust-unknown"
