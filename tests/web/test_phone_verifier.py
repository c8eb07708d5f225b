"""The phone's verifier says the same as Python of changed tokens, with every check of signatures that a phone has."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from passes.tokens.pass_code import DICTIONARY
from passes.verifying.verdicts import GROUNDS
from tests.vectors import differential
from tests.vectors.in_browser import judge_in, open_verifier

VERIFIER = Path(__file__).parents[2] / "web" / "front_end" / "src" / "verifier"


def jose_of(tools):
    return tools / "node_modules" / "jose"


def check_mutations(count, seed, judge):
    found = differential.run(count, seed=seed, judge=judge)
    assert found.differences == []
    assert found.signatures > count / 8
    return found.codes


def test_two_thousand_changed_tokens_get_the_same_verdict_everywhere(front_end_tools):
    check_mutations(2_000, 1, partial(differential.by_node, jose_of(front_end_tools)))


def test_changed_tokens_get_the_same_verdict_in_a_browser_by_what_was_built(front_end_tools, page):
    open_verifier(page, jose_of(front_end_tools))
    check_mutations(400, 3, partial(judge_in, page))


@pytest.mark.long
def test_a_hundred_thousand_changed_tokens_reach_every_reason_and_get_the_same_verdict_everywhere(front_end_tools):
    judge = partial(differential.by_node, jose_of(front_end_tools))
    assert set(GROUNDS) - set(check_mutations(100_000, 2, judge)) == set()


SHOW = """
const { GROUNDS } = await import(process.argv[1]);
const { DICTIONARY } = await import(process.argv[2]);
process.stdout.write(JSON.stringify({ GROUNDS, DICTIONARY }));
"""


def test_reasons_weigh_the_same_and_codes_have_the_same_dictionary():
    addresses = [(VERIFIER / name).as_uri() for name in ("grounds.ts", "pass_code.ts")]
    shown = json.loads(differential.run_node("--input-type=module", "-e", SHOW, *addresses))
    assert shown["DICTIONARY"].encode() == DICTIONARY
    assert shown["GROUNDS"] == {
        code: {"level": one.level, "clause": one.clause, "next": one.next} for code, one in GROUNDS.items()
    }
