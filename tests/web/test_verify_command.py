"""`baotong pass verify` judges with exit codes 0, 10, 20, offline or against the register, and never falls over."""

import io
import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from geodata.store import open_store, transaction
from passes.database import ready_database
from passes.editions.status_register import change_status, take_slots
from passes.keyring.key_register import open_key_ring, rotate_keys
from passes.tokens.claims import PASS, CrewEntry
from passes.tokens.pass_code import to_code
from passes.tokens.signing import sign_token
from passes.verifying.key_list import write_key_list
from passes.verifying.status_list import Status, sign_status_list
from tests.signed_passes import CLAIMS, KEY, OTHER_KEY, forge, key_list, status_list
from web import cli

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "verdict.json").read_text())
NOW = datetime.now(UTC).replace(microsecond=0)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JTI = "411399000001"


class Office:
    """The small county's office: issues passes into its own register."""

    def __init__(self, county, key_file):
        self.county = str(county.folder)
        self.key_file = key_file
        self.store = open_store(county.database_url)
        ready_database(self.store, at=NOW)

    def issue(self, jti=JTI, **changes):
        with transaction(self.store, writes=True) as connection:
            key = open_key_ring(connection, self.key_file, at=NOW).current(NOW)
            slot = take_slots(connection, [jti], at=NOW)[0]
        times = {"issued_at": NOW, "not_before": NOW - HOUR, "expires_at": NOW + 10 * HOUR}
        crew = (CrewEntry("王*明", "123X", NOW + 8 * HOUR),)
        claims = replace(CLAIMS, **{"issuer": "411399", "jti": jti, "status": slot, "crew": crew, **times, **changes})
        return sign_token(claims.to_claims(), key, typ=PASS.typ)

    def set_status(self, status, jti=JTI):
        with transaction(self.store, writes=True) as connection:
            change_status(connection, jti, status, at=NOW)


@pytest.fixture
def office(used_county, tmp_path, monkeypatch):
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("BAOTONG_COUNTY", str(used_county.folder))
    monkeypatch.setenv("BAOTONG_STATE_DIR", str(tmp_path / "state"))
    opened = Office(used_county, tmp_path / "key")
    yield opened
    opened.store.dispose()


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """No county: neither named nor around."""
    for name in ("BAOTONG_COUNTY", "BAOTONG_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "nowhere").mkdir()
    monkeypatch.chdir(tmp_path / "nowhere")


@pytest.fixture
def verify(capsys):
    def run(token, *arguments):
        code = cli.run(["pass", "verify", token, "--json", *map(str, arguments)])
        said = json.loads(capsys.readouterr().out)
        if code in {0, 10, 20}:
            jsonschema.validate(said, SCHEMA)
            return code, said["verdict"], [one["code"] for one in said["reasons"]], said["pass"]
        return code, said["error"]["code"], said["error"]["where"], said["error"]["remedy"]

    return run


@pytest.fixture
def exported(office, tmp_path, capsys):
    """Return options that name what this office exported."""

    def export():
        assert cli.run(["keys", "export", "--out", str(tmp_path / "keys.json")]) == 0
        assert cli.run(["pass", "status-list", "--out", str(tmp_path / "list.jwt")]) == 0
        capsys.readouterr()
        return ["--jwks", tmp_path / "keys.json", "--status-list", tmp_path / "list.jwt"]

    return export


def feed(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_good_pass_is_green(office, verify):
    code, verdict, reasons, shown = verify(office.issue())
    assert (code, verdict, reasons) == (0, "green", ["pass-valid", "list-current"])
    assert (shown["number"], shown["plate"], shown["crew"][0]["name"]) == (JTI, "豫R12345", "王*明")


def test_the_url_of_its_code_is_the_same_pass(office, verify):
    assert verify(to_code(office.issue(), "https://pass.example"))[0] == 0


def test_a_token_is_read_from_stdin(office, verify, monkeypatch):
    feed(monkeypatch, office.issue().encode() + b"\n")
    assert verify("-")[0] == 0


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [(Status.WITHDRAWN, 20, "withdrawn"), (Status.SUSPENDED, 20, "suspended"), (Status.REPLACED, 10, "replaced")],
)
def test_the_register_s_status_counts_at_once(office, verify, status, code, reason):
    token = office.issue()
    office.set_status(status)
    assert verify(token)[::2] == (code, [reason, "list-current"])


@pytest.mark.parametrize(
    ("at", "code", "reason"),
    [
        (NOW - HOUR - timedelta(seconds=1), 20, "not-yet-valid"),
        (NOW + 9 * HOUR, 10, "condition-ended-inside"),
        (NOW + 10 * HOUR, 20, "expired"),
        (NOW - 365 * DAY, 20, "not-yet-valid"),
    ],
)
def test_the_time_of_the_check_can_be_given(office, verify, at, code, reason):
    found = verify(office.issue(), "--at", at.isoformat())
    assert (found[0], found[2][0]) == (code, reason)


def test_a_time_without_offset_is_refused(office, verify):
    assert verify(office.issue(), "--at", "2022-06-22T08:00:00")[:2] == (3, "time-without-offset")


def test_plate_and_position_are_judged(office, verify):
    token = office.issue()
    assert verify(token, "--plate", "豫Ｒ１２３４５")[0] == 0
    assert verify(token, "--plate", "豫R54321")[::2] == (20, ["plate-differs", "list-current"])
    assert verify(token, "--position", "114,34")[::2] == (10, ["off-route", "list-current"])
    assert verify(token, "--position", "here")[:2] == (3, "position-not-a-number")


def test_a_drill_s_pass_is_red(office, verify):
    assert verify(office.issue(drill=True))[::2] == (20, ["drill", "list-current"])


def test_half_a_character_in_a_token_is_red_and_stops_nothing(office, verify):
    named = json.dumps(CLAIMS.to_claims()).encode()[:-1] + b',"\\ud800":1}'
    assert verify(forge(named))[:3] == (20, "red", ["token-unreadable"])


def test_another_county_s_pass_is_amber_as_its_paper_decides(office, verify):
    office.issue()
    assert verify(forge(key=OTHER_KEY)) == (10, "amber", ["issuer-unknown"], None)


def test_a_compromised_key_voids_its_passes(office, verify):
    token = office.issue()
    with transaction(office.store, writes=True) as connection:
        rotate_keys(connection, office.key_file, at=NOW, compromised=True)
    assert verify(token)[::2] == (20, ["key-withdrawn"])


def test_offline_it_needs_neither_county_nor_database(office, verify, exported, nowhere):
    token = office.issue()
    import os

    os.environ["BAOTONG_COUNTY"] = office.county
    options = exported()
    del os.environ["BAOTONG_COUNTY"]
    assert verify(token, *options)[::2] == (0, ["pass-valid", "list-current"])


def test_offline_without_a_status_list_it_is_amber(office, verify, exported):
    token = office.issue()
    assert verify(token, *exported()[:2])[::2] == (10, ["list-missing"])


@pytest.mark.parametrize(
    ("hours", "code", "reason"), [(25, 10, "list-old"), (73, 10, "list-too-old"), (23, 0, "pass-valid")]
)
def test_offline_the_list_s_age_counts(office, verify, exported, hours, code, reason):
    token = office.issue(expires_at=NOW + 5 * DAY, crew=(CrewEntry("王*", "0015"),))
    found = verify(token, *exported(), "--at", (datetime.now(UTC) + hours * HOUR).isoformat())
    assert (found[0], found[2][0]) == (code, reason)


def test_offline_a_pass_withdrawn_since_is_green_with_the_list_s_age(office, verify, exported):
    token = office.issue()
    options = exported()
    office.set_status(Status.WITHDRAWN)
    assert verify(token, *options)[::2] == (0, ["pass-valid", "list-current"])
    assert verify(token, *exported())[::2] == (20, ["withdrawn", "list-current"])


class Guard:
    """A post that verifies offline: its key lists and status lists are files."""

    def __init__(self, folder):
        self.folder = folder
        times = {"issued_at": NOW, "not_before": NOW - HOUR, "expires_at": NOW + 10 * HOUR}
        self.claims = replace(CLAIMS, crew=(CrewEntry("王*明", "123X"),), **times)
        self.older = self.options("older", made_at=NOW - HOUR)
        self.newer = self.options("newer", made_at=NOW, statuses={5: Status.WITHDRAWN})

    def options(self, name, *, made_at, statuses=None, key=KEY, keys_at=NOW):
        keys = write_key_list(key_list(key, issued_at=keys_at))
        (self.folder / f"{name}.json").write_text(json.dumps(keys))
        (self.folder / f"{name}.jwt").write_text(sign_status_list(status_list(statuses or {}, at=made_at), key))
        return ["--jwks", self.folder / f"{name}.json", "--status-list", self.folder / f"{name}.jwt"]

    def token(self, key=KEY):
        return forge(self.claims.to_claims(), key=key)


@pytest.fixture
def guard(nowhere, tmp_path, monkeypatch):
    monkeypatch.setenv("BAOTONG_STATE_DIR", str(tmp_path / "state"))
    return Guard(tmp_path)


def test_an_older_list_than_one_seen_counts_as_none_and_never_refuses(guard, verify):
    assert verify(guard.token(), *guard.older)[::2] == (0, ["pass-valid", "list-current"])
    assert verify(guard.token(), *guard.newer)[::2] == (20, ["withdrawn", "list-current"])
    assert verify(guard.token(), *guard.older)[::2] == (10, ["list-older"])
    assert verify(guard.token(), *guard.newer)[::2] == (20, ["withdrawn", "list-current"])


def test_a_check_of_another_moment_neither_minds_nor_feeds_the_memory(guard, verify):
    now = ["--at", NOW.isoformat()]
    assert verify(guard.token(), *guard.newer, *now)[0] == 20
    assert verify(guard.token(), *guard.older)[0] == 0
    assert verify(guard.token(), *guard.newer)[0] == 20
    assert verify(guard.token(), *guard.older, *now)[0] == 0


def test_another_county_of_the_same_name_has_a_memory_of_its_own(guard, verify):
    verify(guard.token(), *guard.newer)
    other = guard.options("other", made_at=NOW - HOUR, key=OTHER_KEY)
    assert verify(guard.token(OTHER_KEY), *other)[0] == 0


@pytest.mark.parametrize("content", ["", "[", "[1]", '{"411322 x": 1}', '{"x": {"/status/1": "soon"}}'])
def test_a_damaged_memory_is_forgotten(guard, verify, tmp_path, content):
    verify(guard.token(), *guard.newer)
    (file,) = (tmp_path / "state").iterdir()
    file.write_text(content)
    assert verify(guard.token(), *guard.older)[0] == 0


def test_a_memory_that_cannot_be_written_is_told_on_stderr_and_stops_nothing(guard, tmp_path, capsys):
    (tmp_path / "state").write_text("a file, no folder")
    assert cli.run(["pass", "verify", guard.token(), "--json", *map(str, guard.older)]) == 0
    assert "作废名单的时间" in capsys.readouterr().err


def test_a_list_seen_before_is_a_witness_against_the_clock(guard, verify, monkeypatch):
    verify(guard.token(), *guard.older)
    keys = guard.options("old-keys", made_at=NOW, keys_at=None)[:2]
    monkeypatch.setattr("web.commands.verify.now", lambda: NOW - DAY)
    assert verify(guard.token(), *keys)[::2] == (10, ["clock-wrong", "list-missing"])


def test_a_clock_behind_the_list_refuses_to_judge(office, verify, exported):
    token = office.issue()
    found = verify(token, *exported(), "--at", (NOW - 2 * DAY).isoformat())
    assert (found[0], found[2][0]) == (10, "clock-wrong")


def test_a_list_as_json_answer_is_read_too(office, verify, exported, tmp_path, capsys):
    token, options = office.issue(), exported()
    assert cli.run(["pass", "status-list", "--json"]) == 0
    (tmp_path / "list.json").write_text(capsys.readouterr().out)
    assert verify(token, *options[:2], "--status-list", tmp_path / "list.json")[0] == 0


@pytest.mark.parametrize("content", ["", "{}", "[1]", "abc", "a.b.c", '{"token": 1}', "{"])
def test_a_damaged_list_or_key_file_is_bad_input_that_names_the_file(office, verify, exported, tmp_path, content):
    token, options = office.issue(), exported()
    (tmp_path / "bad").write_text(content)
    found = verify(token, *options[:2], "--status-list", tmp_path / "bad")
    assert found[0] == 3
    assert "bad" in found[2]
    assert found[3]
    assert verify(token, "--jwks", tmp_path / "bad")[0] == 3


def test_a_missing_file_is_bad_input(office, verify, exported, tmp_path):
    token, options = office.issue(), exported()
    assert verify(token, "--jwks", tmp_path / "none")[:2] == (3, "file-missing")
    assert verify(token, *options[:2], "--status-list", tmp_path / "none")[:2] == (3, "file-missing")
    assert verify(token, *options[:2], "--status-list", tmp_path)[:2] == (3, "status-list-unreadable")


@pytest.mark.parametrize(
    "text", ["", " ", "x", "豫R12345", "a.b.c", "12", "https://pass.example/V/12", "\ud800", "A" * 9_999]
)
def test_what_is_no_token_is_red_even_without_a_county(nowhere, verify, text):
    assert verify(text)[:2] == (20, "red")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"A" * 2_000_000, b"\n" * 2_000_000, b"9" * 2_000_000])
def test_any_stdin_is_red_and_quickly(nowhere, verify, monkeypatch, data):
    feed(monkeypatch, data)
    start = time.process_time()  # what others do on this machine does not count
    assert verify("-")[:2] == (20, "red")
    assert time.process_time() - start < 5


def test_a_real_token_without_county_or_keys_is_a_usage_error(nowhere, verify):
    assert verify(forge())[:2] == (2, "county-not-named")


@pytest.mark.parametrize(("lang", "words"), [("zh", "✓ 放行  豫R12345"), ("en", "✓ Let pass  豫R12345")])
def test_as_text_the_first_word_is_what_to_do(office, capsys, lang, words):
    assert cli.run(["pass", "verify", office.issue(), "--lang", lang]) == 0
    assert capsys.readouterr().out.startswith(words)


def test_times_are_shown_in_the_county_s_zone(office, capsys):
    from zoneinfo import ZoneInfo

    cli.run(["pass", "verify", office.issue()])
    assert f"{NOW.astimezone(ZoneInfo('Asia/Shanghai')) + 10 * HOUR:%Y-%m-%d %H:%M}" in capsys.readouterr().out


def test_the_regime_s_own_words_are_used(office, capsys):
    cli.run(["pass", "verify", office.issue(crew=(CrewEntry("王*明", "123X", NOW - HOUR),))])
    assert "王*明 的核酸检测途中到期" in capsys.readouterr().out


def imported_by(*arguments):
    """Return every module that a command line imports."""
    script = "import sys; from web import cli; cli.run(sys.argv[1:]); sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.split()} | set(done.stderr.split())


def test_nothing_heavy_is_loaded_for_a_verdict(office, exported):
    token = office.issue()
    heavy = {"numpy", "numba", "shapely", "osmium", "pyogrio", "alembic", "segno", "flask", "psycopg", "stdnum"}
    online = imported_by("pass", "verify", token)
    assert online & heavy == set()
    offline = imported_by("pass", "verify", token, *exported())
    assert offline & (heavy | {"sqlalchemy", "passes.keyring.key_register"}) == set()
