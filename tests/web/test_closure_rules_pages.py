"""The table of rules for people says what the checks say, on the page and on the command line."""

import json
import re

import pytest

from geodata.closures.truth_table import condensed, truth_table
from web import cli


@pytest.mark.parametrize("role", ["HQ", "S", "T", "P"])
def test_the_page_begins_with_the_countys_own_rule(client_of, role):
    page = client_of(role).get("/closures/rules").text
    assert re.findall(r'<h2 id="(\w+)">', page)[:3] == ["forbidden", "approvable", "not_regulated"]
    assert page.count("本县适用") == 1
    assert "只同意一部分路段" in page


def test_the_page_has_a_row_for_every_block(client_of, small_county):
    page = client_of("S").get("/closures/rules").text
    blocks = condensed(truth_table(small_county.settings.policy, "epidemic"))
    assert len(re.findall(r'<th scope="row">', page)) == len(blocks)


def test_another_cause_can_be_asked_for(client_of):
    page = client_of("S").get("/closures/rules?cause=works&lang=en").text
    assert '<option value="works" selected>' in page
    assert "only one of those who must has approved" in page


def test_the_command_gives_every_line(small_county, capsys):
    assert cli.run(["closures", "rules", "--json", "--county", str(small_county.folder)]) == 0
    said = json.loads(capsys.readouterr().out)
    rows = truth_table(small_county.settings.policy, "epidemic")
    assert (said["cause"], said["rule"], len(said["rows"])) == ("epidemic", "forbidden", len(rows))
    line = {"rule": "forbidden", "class": "village", "barrier": "earth_mound", "approval": "all", "checks": ["K6"]}
    assert line in said["rows"]


@pytest.mark.parametrize(("lang", "words"), [("zh", "应批单位都已书面同意：K6"), ("en", "(applies here)")])
def test_the_command_prints_a_text_to_read(small_county, capsys, lang, words):
    cli.run(["closures", "rules", "--lang", lang, "--county", str(small_county.folder)])
    assert words in capsys.readouterr().out
