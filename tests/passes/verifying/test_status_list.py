import json
import zlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from geodata.errors import BadInputError
from passes.tokens.front_door import decode_base64url
from passes.verifying.status_list import (
    Status,
    StatusList,
    accept_newer,
    make_status_list,
    read_status_list,
    sign_status_list,
)
from tests.signed_passes import AT, HOUR, KEY, LIST_URI, OTHER_KEY, b64, forge, header_of, key_list, status_list

SIGNED = sign_status_list(status_list({3: Status.WITHDRAWN}), KEY)


PACKED = zlib.compress(bytes(16))


def claims(lst=PACKED, **changes):
    content = {"bits": 2, "lst": b64(lst) if isinstance(lst, bytes) else lst}
    return {"sub": LIST_URI, "iat": 1655859600, "ttl": 60, "status_list": content, **changes}


def list_token(document, **header):
    return forge(document, header=header_of(**{"typ": "statuslist+jwt", **header}))


def refused(text, keys=None):
    with pytest.raises(BadInputError) as error:
        read_status_list(text, keys or key_list(), where="list.jwt")
    return error.value.code


def test_the_draft_s_own_example_of_two_bits_is_packed_alike():
    statuses = [(0, 1), (1, 2), (2, 0), (3, 3), (4, 0), (5, 1), (6, 0), (7, 1), (8, 1), (9, 2), (10, 3), (11, 3)]
    packed = make_status_list("u", [(place, Status(value)) for place, value in statuses], size=12, at=AT).packed
    assert packed == bytes([0xC9, 0x44, 0xF9])


@given(st.dictionaries(st.integers(0, 99), st.sampled_from(Status)))
def test_every_status_is_found_again(statuses):
    packed = make_status_list(LIST_URI, statuses.items(), size=100, at=AT)
    assert all(packed.find(LIST_URI, slot) == statuses.get(slot, Status.VALID) for slot in range(100))


def test_a_later_status_of_a_slot_replaces_an_earlier_one():
    statuses = [(1, Status.REPLACED), (1, Status.WITHDRAWN)]
    assert make_status_list(LIST_URI, statuses, size=4, at=AT).find(LIST_URI, 1) is Status.WITHDRAWN


@pytest.mark.parametrize(("uri", "slot"), [("/status/2", 3), (LIST_URI, 64), (LIST_URI, 10**9), (LIST_URI, -1)])
def test_a_slot_of_another_list_or_beyond_its_end_is_not_held(uri, slot):
    assert status_list().find(uri, slot) is None


def test_a_signed_list_comes_back():
    found = read_status_list(SIGNED, key_list(), where="f")
    assert found == status_list({3: Status.WITHDRAWN})


def test_an_independent_library_reads_it():
    found = jws.deserialize_compact(SIGNED.encode(), ECKey.import_key(KEY.public.to_jwk()), algorithms=["ES256"])
    document = json.loads(found.payload)
    assert found.headers()["typ"] == "statuslist+jwt"
    assert (document["sub"], document["status_list"]["bits"]) == (LIST_URI, 2)
    assert zlib.decompress(decode_base64url(document["status_list"]["lst"]))[0] == 0b01000000


def test_an_older_list_than_one_seen_is_refused():
    seen, older = status_list(at=AT), status_list(at=AT - timedelta(seconds=1))
    with pytest.raises(BadInputError, match=r"status-list-older at list\.jwt"):
        accept_newer(seen, older, where="list.jwt")


def test_a_newer_list_the_same_and_the_first_are_taken():
    seen, newer = status_list(at=AT), status_list(at=AT + HOUR)
    assert accept_newer(seen, newer, where="f") is newer
    assert accept_newer(seen, seen, where="f") is seen
    assert accept_newer(None, seen, where="f") is seen


def test_another_list_is_no_older_one():
    other = StatusList("/status/2", AT - HOUR, b"")
    assert accept_newer(status_list(at=AT), other, where="f") is other


@pytest.mark.parametrize(
    "document",
    [
        claims(sub=1),
        claims(iat="1655859600"),
        claims(iat=1.5),
        claims(exp=1755859600),
        claims(status_list=[]),
        claims(status_list={"bits": 1, "lst": ""}),
        claims(status_list={"bits": 2, "lst": 1}),
        claims(status_list={"bits": 2, "lst": "", "aggregation_uri": "x"}),
        claims(lst=""),
        claims(lst=b"not zlib"),
        claims(lst=zlib.compress(bytes(16))[:-1]),
        claims(lst=zlib.compress(bytes(16)) + b"x"),
        {},
    ],
)
def test_a_list_of_another_form_is_refused(document):
    assert refused(list_token(document)) == "status-list-unreadable"


def test_a_list_that_inflates_without_end_is_refused():
    assert refused(list_token(claims(lst=zlib.compress(bytes(50_000_000), 9)))) == "status-list-unreadable"


@pytest.mark.parametrize("text", ["", "a.b.c", "{}", SIGNED + "=", "A" * 5_000_000, forge()])
def test_what_is_no_list_is_refused(text):
    assert refused(text) == "status-list-unreadable"


def test_a_list_signed_by_another_key_is_refused():
    assert refused(SIGNED, key_list(OTHER_KEY)) == "status-list-not-signed"


def test_a_list_signed_under_our_name_by_another_is_refused():
    assert refused(forge(claims(), header=header_of(typ="statuslist+jwt"), key=OTHER_KEY)) == "status-list-not-signed"


def test_a_list_of_a_withdrawn_key_is_refused():
    assert refused(SIGNED, key_list(withdrawn=frozenset({KEY.kid}))) == "status-list-not-signed"


def test_a_list_changed_by_one_bit_is_refused():
    head, payload, signature = SIGNED.split(".")
    changed = decode_base64url(payload).replace(b'"ttl":3600', b'"ttl":3601')
    assert refused(f"{head}.{b64(changed)}.{signature}") == "status-list-not-signed"


def test_a_million_slots_with_one_in_a_hundred_withdrawn_stay_small():
    import random

    chance = random.Random(1)
    withdrawn = [(slot, Status.WITHDRAWN) for slot in chance.sample(range(2**20), 2**20 // 100)]
    signed = sign_status_list(make_status_list(LIST_URI, withdrawn, size=2**20, at=AT), KEY)
    assert len(signed) < 60_000
    assert read_status_list(signed, key_list(), where="f").find(*(LIST_URI, withdrawn[0][0])) is Status.WITHDRAWN
