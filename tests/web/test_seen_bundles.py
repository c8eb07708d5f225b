"""`baotong pass verify --bundle --root` trusts what the root vouches for, and no bundle older than one it has taken."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from passes.verifying.bundle import sign_bundle
from passes.verifying.key_list import with_root_list
from passes.verifying.root_list import root_list_claims
from passes.verifying.status_list import Status
from tests.signed_passes import CLAIMS, KEY, OTHER_KEY, ROOT, forge, forge_root_list, key_list, root_list, status_list
from web import cli

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


def bundle(*, number=3, at=NOW, key=KEY, statuses=None, keys=(KEY,)):
    found = root_list(*keys, number=number, issued_at=at)
    listed = with_root_list(key_list(issued_at=at), found, forge_root_list(root_list_claims(found)))
    return sign_bundle(listed, [status_list(statuses or {}, at=at)], key, at=at)


@pytest.fixture
def token():
    times = {"iat": -2, "nbf": -1, "exp": 10}
    return forge({**CLAIMS.to_claims(), **{name: int((NOW + h * HOUR).timestamp()) for name, h in times.items()}})


@pytest.fixture
def verify(tmp_path, monkeypatch, capsys, token):
    monkeypatch.setenv("BAOTONG_STATE_DIR", str(tmp_path / "state"))
    (tmp_path / "root.json").write_text(json.dumps(ROOT.public.to_jwk()))

    def run(text):
        (tmp_path / "bundle").write_text(text)
        files = ["--bundle", str(tmp_path / "bundle"), "--root", str(tmp_path / "root.json")]
        code = cli.run(["pass", "verify", token, *files, "--json"])
        said = json.loads(capsys.readouterr().out)
        return code, said.get("error", {}).get("code") or next(one["code"] for one in said["reasons"])

    return run


def test_a_bundle_of_the_root_is_judged_by(verify):
    assert verify(bundle())[0] in {0, 10}
    assert verify(bundle(at=NOW + timedelta(seconds=1), statuses={5: Status.WITHDRAWN})) == (20, "withdrawn")


def test_an_older_bundle_is_refused_from_then_on(verify):
    verify(bundle(statuses={5: Status.WITHDRAWN}))
    assert verify(bundle(at=NOW - HOUR)) == (3, "bundle-older")
    assert verify(bundle(at=NOW + timedelta(seconds=1), number=2)) == (3, "key-list-older")


def test_a_bundle_that_the_root_does_not_vouch_for_is_refused(verify):
    assert verify(sign_bundle(key_list(), [], KEY, at=NOW)) == (3, "key-list-without-root")
    assert verify(bundle(key=OTHER_KEY)) == (3, "bundle-not-signed")
    assert verify("nothing") == (3, "bundle-unreadable")


def test_a_new_key_needs_the_root_s_word_alone(verify):
    assert verify(bundle())[0] in {0, 10}
    assert verify(bundle(number=4, at=NOW + timedelta(seconds=1), key=OTHER_KEY, keys=(KEY, OTHER_KEY)))[0] in {0, 10}
