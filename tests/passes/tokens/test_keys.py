from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey

from geodata.errors import BadInputError, SurroundingsError
from passes.tokens.keys import KeyRing, SigningKey, new_signing_key, read_jwk, signing_key_of, thumbprint
from tests.signed_passes import AT, HOUR, KEY, OTHER_KEY, b64

DAY = timedelta(days=1)


def signs(key, usable_from=None, retired_at=None):
    return SigningKey(replace(key.public, usable_from=usable_from, retired_at=retired_at), key.private)


def test_a_key_is_named_by_its_thumbprint():
    jwk = KEY.public.to_jwk()
    assert ECKey.import_key(jwk).thumbprint() == thumbprint(KEY.public.x, KEY.public.y)
    assert thumbprint(KEY.public.x, KEY.public.y).startswith(KEY.kid)


def test_a_jwk_comes_back():
    again = read_jwk(KEY.public.to_jwk(), where="f")
    assert (again.kid, again.x, again.y) == (KEY.kid, KEY.public.x, KEY.public.y)


def test_a_new_key_is_another_each_time():
    assert new_signing_key(usable_from=AT).kid != new_signing_key(usable_from=AT).kid


def test_a_secret_comes_back():
    assert signing_key_of(KEY.to_bytes()).kid == KEY.kid


def test_a_key_does_not_show_its_secret():
    assert "private" not in repr(KEY)
    assert KEY.to_bytes().hex() not in repr(KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "RSA"},
        {"kty": "oct"},
        {"crv": "P-384"},
        {"crv": "secp256k1"},
        {"alg": "HS256"},
        {"alg": "RS256"},
        {"use": "enc"},
        {"kty": None},
    ],
)
def test_a_key_of_another_kind_is_refused(changes):
    with pytest.raises(BadInputError, match="key-not-p256"):
        read_jwk({**KEY.public.to_jwk(), **changes}, where="f")


def test_an_rsa_key_under_our_name_is_refused():
    numbers = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    jwk = {"kty": "RSA", "kid": KEY.kid, "n": b64(numbers.n.to_bytes(128, "big")), "e": "AQAB"}
    with pytest.raises(BadInputError, match="key-not-p256"):
        read_jwk(jwk, where="f")


def test_a_point_of_another_curve_is_refused():
    other = ec.derive_private_key(5, ec.SECP256K1()).public_key().public_numbers()
    jwk = {**KEY.public.to_jwk(), "x": b64(other.x.to_bytes(32, "big")), "y": b64(other.y.to_bytes(32, "big"))}
    with pytest.raises(BadInputError, match="key-not-on-curve"):
        read_jwk(jwk, where="f")


@pytest.mark.parametrize("x", ["", "AA", b64(bytes(31)), b64(bytes(33)), KEY.public.to_jwk()["x"] + "=", 5, None])
def test_a_coordinate_has_32_bytes(x):
    with pytest.raises(BadInputError, match="key-unreadable at f: x"):
        read_jwk({**KEY.public.to_jwk(), "x": x}, where="f")


@pytest.mark.parametrize("kid", [None, "", 5, "a b", "k" * 65])
def test_a_key_without_a_usable_name_is_refused(kid):
    with pytest.raises(BadInputError, match="key-unreadable at f: kid"):
        read_jwk({**KEY.public.to_jwk(), "kid": kid}, where="f")


def test_a_private_key_in_a_public_list_is_refused():
    with pytest.raises(BadInputError, match="key-private"):
        read_jwk({**KEY.public.to_jwk(), "d": b64(KEY.to_bytes())}, where="f")


@pytest.mark.parametrize("document", [None, [], "x", 1])
def test_what_is_no_object_is_refused(document):
    with pytest.raises(BadInputError, match="key-unreadable"):
        read_jwk(document, where="f")


def test_the_newest_usable_key_signs():
    ring = KeyRing((signs(KEY, AT), signs(OTHER_KEY, AT + DAY)))
    assert ring.current(AT + HOUR).kid == KEY.kid
    assert ring.current(AT + DAY).kid == OTHER_KEY.kid


def test_a_retired_key_signs_no_more():
    ring = KeyRing((signs(KEY, AT, AT + DAY),))
    assert ring.current(AT + DAY - timedelta(seconds=1)).kid == KEY.kid
    with pytest.raises(SurroundingsError, match="no-signing-key"):
        ring.current(AT + DAY)


def test_an_empty_ring_signs_nothing():
    with pytest.raises(SurroundingsError, match="no-signing-key"):
        KeyRing().current(AT)
