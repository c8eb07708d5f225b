"""`baotong closures` and `baotong log` answer as their schemas say, refuse whole files, and find what was altered."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.register import import_closures as register_closures
from geodata.closures.register import list_closures
from geodata.closures.rules import RULES
from geodata.store import open_store
from passes.audit.county_rules import COUNTY_RULES
from web import cli
from web.answer import ExitCode
from web.messages import error_wording, finding_wording
from web.wording.closures import CHECKS, ERRORS, FINDINGS, STATES

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "schemas"
#: The county road A-C of the small county, and the village road A-F.
COUNTY_ROAD = {"type": "LineString", "coordinates": [[113.02, 33.02], [113.02, 33.04]]}
VILLAGE_ROAD = {"type": "LineString", "coordinates": [[113.02, 33.02], [113.02, 33.0]]}
HQ = {"authority": "疫情防控指挥部", "decision": "approved", "decided_at": "2022-06-21T20:00:00+08:00"}
LOOK = {"at": "2022-06-22T09:00:00+08:00", "state": "blocked", "source": "driver", "barrier": "earth_mound"}
NOON = ("--at", "2022-06-22T12:00:00+08:00")


def closure(closure_id, geometry=COUNTY_ROAD, **properties):
    known = {"start": "2022-06-22T08:00:00+08:00", "end": "2022-06-24T08:00:00+08:00", "requested_by": "杨集乡"}
    return {"type": "Feature", "properties": {"id": closure_id, **known, **properties}, "geometry": geometry}


LAWFUL = closure("z1", decisions=[HQ])
MOUND = {"type": "Feature", "properties": {"id": "b1", "observations": [LOOK]}, "geometry": VILLAGE_ROAD}


@pytest.fixture
def file_of(tmp_path):
    """Return a function that writes features to a file."""

    def write(*features):
        path = tmp_path / "closures.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def run(used_county, capsys, monkeypatch, tmp_path):
    """Return a function that runs a command with --json, checks its schema, and returns (exit code, answer)."""
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key-encryption-key"))

    def run_json(*words, schema):
        code = cli.run([*words, "--json", "--county", str(used_county.folder)])
        said = json.loads(capsys.readouterr().out)
        jsonschema.validate(said, json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")))
        return code, said

    return run_json


@pytest.fixture
def imported(run, file_of):
    """Return a function that imports features."""

    def take(*features):
        return run("closures", "import", file_of(*features), schema="closures-import")[1]

    return take


def counts(said):
    return [said[name] for name in ("created", "changed", "unchanged", "observations")]


def checks(said):
    return [(one["check"], one["closure"]) for one in said["findings"]]


def edit(county, statement):
    engine = open_store(county.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_the_same_file_again_changes_nothing(imported):
    assert counts(imported(LAWFUL, MOUND)) == [2, 0, 0, 1]
    assert counts(imported(LAWFUL, MOUND)) == [0, 0, 2, 0]


def test_a_polygon_closes_what_is_inside_and_comes_back_from_the_register_unchanged(run, imported, tmp_path):
    ring = [[113.015, 33.025], [113.025, 33.025], [113.025, 33.035], [113.015, 33.035], [113.015, 33.025]]
    flood = closure("z1", {"type": "Polygon", "coordinates": [ring]}, decisions=[HQ])
    assert counts(imported(flood)) == [1, 0, 0, 0]
    assert counts(imported(flood)) == [0, 0, 1, 0]
    path = str(tmp_path / "exported.geojson")
    run("closures", "export", path, schema="closures-export")
    exported = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    assert exported[0]["geometry"]["type"] == "Polygon"
    assert counts(imported(*exported)) == [0, 0, 1, 0]


def test_an_edited_closure_is_a_new_version(run, imported):
    imported(LAWFUL)
    assert counts(imported(closure("z1", barrier="movable"))) == [0, 1, 0, 0]
    listed = run("closures", "list", schema="closures-list")[1]["closures"]
    assert [(one["id"], one["version"]) for one in listed] == [("z1", 2)]


def test_a_file_with_faults_is_refused_as_a_whole_with_every_fault(run, file_of):
    bad = file_of(LAWFUL, closure("z2", start="2022-06-22T08:00:00", barrier="width_posts"), closure("z1"))
    code, said = run("closures", "import", bad, schema="closures-import-refused")
    assert code == ExitCode.BAD_INPUT
    assert [(one["row"], one["id"], one["code"]) for one in said["errors"]] == [
        (2, "z2", "time-without-offset"),
        (2, "z2", "barrier-is-vehicle-limit"),
        (3, "z1", "closure-id-twice"),
    ]
    assert all(one["remedy"] for one in said["errors"])
    assert run("closures", "list", schema="closures-list")[1]["closures"] == []


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "LineString", "coordinates": [[113.02, 33.03], [113.02, 33.03]]}, "closure-line-zero-length"),
        ({"type": "LineString", "coordinates": [[113.02, 33.02], [113.02, 33.03], [113.021, 33.025], [113.019, 33.025]]}, "closure-line-crosses-itself"),
        ({"type": "LineString", "coordinates": [[113.03, 33.03], [113.04, 33.03]]}, "closure-far-from-road"),
    ],
)  # fmt: skip
def test_a_line_that_means_no_road_is_refused(run, file_of, geometry, code):
    _, said = run("closures", "import", file_of(closure("z1", geometry)), schema="closures-import-refused")
    assert [one["code"] for one in said["errors"]] == [code]


def test_a_file_that_cannot_be_read_at_all_is_a_plain_failure(run, tmp_path):
    path = tmp_path / "half.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [')
    code, said = run("closures", "import", str(path), schema="failure")
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "json-unreadable")


def test_list_tells_the_three_states(run, imported):
    imported(LAWFUL, closure("z2"), MOUND)
    _, said = run("closures", "list", schema="closures-list")
    rows = {one["id"]: one for one in said["closures"]}
    assert (rows["z1"]["approval"], rows["z1"]["roads"]) == ("expired", ["c1"])
    assert (rows["z2"]["approval"], rows["z2"]["routing"]) == ("requested", "open")
    assert (rows["b1"]["physical"], rows["b1"]["routing"], rows["b1"]["start"]) == ("reported", "closed", None)


def test_what_is_exported_can_be_imported_unchanged(run, imported, tmp_path):
    imported(LAWFUL, MOUND)
    out = str(tmp_path / "out.geojson")
    assert run("closures", "export", out, schema="closures-export")[1]["closures"] == 2
    features = json.loads(Path(out).read_text(encoding="utf-8"))["features"]
    assert counts(imported(*features)) == [0, 0, 2, 0]


def test_audit_without_findings_is_exit_0(run, imported):
    imported(LAWFUL)
    assert run("closures", "audit", *NOON, schema="audit") == (
        0,
        {"ok": True, "checked": 1, "findings": [], "unmatched": []},
    )


def test_audit_with_findings_is_exit_1_in_order(run, imported):
    imported(closure("z2", barrier="wall"), LAWFUL, MOUND)
    code, said = run("closures", "audit", *NOON, schema="audit")
    assert code == ExitCode.RULE_SAYS_NO
    assert checks(said) == [("K1", "z2"), ("K6", "b1"), ("K6", "z2"), ("K7", "b1")]
    assert said["checked"] == 3


def test_audit_judges_the_instant_asked_for(run, imported):
    imported(closure("z2"))
    assert run("closures", "audit", "--at", "2022-06-22T07:59:59+08:00", schema="audit")[0] == 0
    assert run("closures", "audit", "--at", "2022-06-22T08:00:00+08:00", schema="audit")[0] == 1


def test_a_time_without_offset_is_refused(run):
    code, said = run("closures", "audit", "--at", "2022-06-22T08:00:00", schema="failure")
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "time-without-offset")


def test_an_approval_edited_in_the_database_is_found(run, imported, small_county):
    imported(LAWFUL)
    edit(small_county, "UPDATE closure_decisions SET document_no = 'x'")
    _, said = run("closures", "audit", *NOON, schema="audit")
    assert checks(said) == [("K14", "z1")]
    code, said = run("log", "verify", schema="log-verify")
    assert (code, checks(said)) == (ExitCode.RULE_SAYS_NO, [("K14", "z1")])


def test_a_log_is_checked_against_its_state_kept_elsewhere(run, imported, small_county, tmp_path):
    imported(LAWFUL)
    kept = str(tmp_path / "kept.txt")
    assert run("log", "checkpoint", "--out", kept, schema="log-checkpoint")[1]["size"] == 2
    imported(MOUND)
    code, said = run("log", "verify", "--checkpoint", kept, schema="log-verify")
    assert (code, said["size"], said["checkpoint"]["size"]) == (0, 4, 2)
    assert said["checkpoint"]["signed_by"] == run("keys", "list", schema="keys-list")[1]["keys"][0]["kid"]
    for table in ("closure_decisions", "closure_observations", "closure_versions", "ledger_leaves"):
        edit(small_county, f"DELETE FROM {table} WHERE position > 0")
    edit(small_county, "UPDATE counters SET value = 1 WHERE name = 'ledger_size'")
    for words in (["log", "verify", "--checkpoint", kept], ["log", "verify"]):
        code, said = run(*words, schema="log-verify")
        assert (code, [one["facts"]["how"] for one in said["findings"]]) == (ExitCode.RULE_SAYS_NO, ["cut-off"])
    _, said = run("closures", "audit", *NOON, schema="audit")
    assert ("K14", None) in checks(said)


def test_a_checkpoint_is_checked_by_keys_kept_elsewhere(run, imported, small_county, tmp_path):
    imported(LAWFUL)
    kept, keys = tmp_path / "kept.txt", tmp_path / "keys.json"
    run("log", "checkpoint", "--out", str(kept), schema="log-checkpoint")
    keys.write_text(json.dumps(run("keys", "export", schema="keys-export")[1]))
    words = ("log", "verify", "--checkpoint", str(kept), "--jwks", str(keys))
    assert run(*words, schema="log-verify")[0] == 0
    edit(small_county, "DELETE FROM signing_keys")
    assert run(*words, schema="log-verify")[1]["checkpoint"]["signed_by"]
    kept.write_text(kept.read_text().replace("\n2\n", "\n1\n"))
    code, said = run(*words, schema="failure")
    assert (code, said["error"]["code"]) == (ExitCode.BAD_INPUT, "checkpoint-signature-wrong")


def test_a_checkpoint_that_is_none_is_bad_input(run, tmp_path):
    path = tmp_path / "kept.txt"
    for text, code in (
        ("nonsense", "checkpoint-unreadable"),
        ("other\n0\n" + 43 * "A" + "=\n", "checkpoint-of-another-log"),
    ):
        path.write_text(text)
        exit_code, said = run("log", "verify", "--checkpoint", str(path), schema="failure")
        assert (exit_code, said["error"]["code"]) == (ExitCode.BAD_INPUT, code)


@pytest.mark.parametrize(("lang", "words"), [("zh", "未见批准记录"), ("en", "no approval on record")])
def test_audit_speaks_both_languages(small_county, imported, capsys, lang, words):
    imported(closure("z2"))
    code = cli.run(["closures", "audit", *NOON, "--lang", lang, "--county", str(small_county.folder)])
    assert code == ExitCode.RULE_SAYS_NO
    assert words in capsys.readouterr().out


def test_text_answers_show_the_countys_clock(small_county, imported, capsys):
    imported(LAWFUL)
    for words in (["closures", "list"], ["log", "verify"], ["log", "checkpoint"]):
        assert cli.run([*words, "--county", str(small_county.folder)]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "2022-06-22 08:00 → 2022-06-24 08:00" in out
    assert "baotong.log/411399\n2\n" in out


def test_a_road_that_is_gone_blocks_neither_list_audit_nor_route(run, imported, small_county, capsys):
    imported(closure("z1"), closure("z2", VILLAGE_ROAD, decisions=[HQ]), MOUND)
    store = open_store(small_county.database_url)
    with store.begin() as connection:
        gone = replace(list_closures(connection, ["z1"])[0], id="z9", extent=(RoadSpan("gone", Direction.BOTH, 0, 5),))
        register_closures(connection, [gone], gone.window.start)
    store.dispose()
    assert run("closures", "audit", *NOON, schema="audit")[1]["unmatched"] == ["z9"]
    (row,) = (one for one in run("closures", "list", schema="closures-list")[1]["closures"] if one["id"] == "z9")
    assert (row["roads"], row["unmatched"], row["approval"], row["routing"]) == (
        ["gone"],
        ["gone"],
        "requested",
        "open",
    )
    cli.run(["closures", "audit", *NOON, "--lang", "zh", "--county", str(small_county.folder)])
    assert "无法核查，请重新登记：z9" in capsys.readouterr().out
    where = ("--from", "113.02,33.02", "--to", "113.02,33.04", "--depart", NOON[1])
    assert cli.run(["route", *where, "--county", str(small_county.folder), "--lang", "en"]) == ExitCode.DONE
    assert (
        "1 records lie on roads that the network does not have; those parts are left out: z9" in capsys.readouterr().err
    )


def test_list_tells_when_the_paper_of_a_spoken_approval_is_due(run, imported, small_county, capsys):
    imported(closure("z1", decisions=[{**HQ, "form": "oral"}]), closure("z2", decisions=[{**HQ, "form": "written"}]))
    rows = run("closures", "list", schema="closures-list")[1]["closures"]
    told = [(one["paper_due"], one["paper_overdue"]) for one in rows]
    assert told == [("2022-06-22T12:00:00Z", True), (None, False)]
    cli.run(["closures", "list", "--lang", "zh", "--county", str(small_county.folder)])
    assert "口头批准，文号须在 2022-06-22 20:00 前补报，已过期" in capsys.readouterr().out


# Words.

OWNED = ("closures/*.py", "json_rows.py", "ledger/*.py")
CODE = re.compile(r'(?:Error\(\s*|code=|, )"((?:[a-z]+-)+[a-z]+)"')


def raised_codes():
    files = [path for pattern in OWNED for path in (ROOT / "geodata").glob(pattern)]
    found = {code for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}
    return {
        code for code in found if not code.startswith(("closure-version", "closure-decision", "closure-observation"))
    }


def test_every_error_code_has_a_sentence_and_a_remedy_in_both_languages():
    codes = raised_codes()
    assert len(codes) > 25
    for code in codes:
        wording = error_wording(code)
        assert wording.zh != code, code
        assert all((wording.en, wording.remedy_zh, wording.remedy_en)), code


def test_every_check_has_its_words():
    names = {rule.__doc__.split()[0] for rule in RULES} | {"K14"}
    county = {check for check, _ in COUNTY_RULES}
    assert names == set(FINDINGS)
    assert names | county == set(CHECKS)
    assert all(finding_wording(check).zh != check for check in county)
    assert all(finding_wording(name).remedy_zh for name in names)


def test_no_word_accuses_or_borrows_the_health_codes():
    said = [
        text
        for one in (*FINDINGS.values(), *ERRORS.values(), *CHECKS.values(), *STATES.values())
        for text in (one.zh, one.remedy_zh)
    ]
    for word in (
        "违法",
        "违规",
        "擅自",
        "非法",
        "黄",
        "红码",
        "审计",
        "票据",
        "工单",
        "走廊",
        "趟次",
        "仿真",
        "令牌",
        "哈希",
    ):
        assert not [text for text in said if word in text]


def test_every_fact_that_a_sentence_names_is_given(run, imported):
    """A sentence never shows {name} to a person."""
    late = {**HQ, "decided_at": "2022-06-22T09:00:00+08:00", "end": "2022-06-22T10:00:00+08:00", "road_ids": ["c3"]}
    other = {**HQ, "authority": "transport"}
    imported(closure("z2", barrier="wall", decisions=[late, other]), closure("z3"), MOUND)
    _, said = run("closures", "audit", *NOON, schema="audit")
    assert {one["check"] for one in said["findings"]} == {f"K{number}" for number in range(1, 8)}
    for one in said["findings"]:
        wording = finding_wording(one["check"])
        for lang in ("zh", "en"):
            assert "{" not in wording.text(lang, one["facts"]) + wording.remedy(lang, one["facts"])
