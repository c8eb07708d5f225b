"""Change by a seed what else a verifier reads: certificates, status lists, and lists of keys, plain and the root's."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

from passes.tokens.keys import signing_key_of
from passes.verifying.root_list import root_list_claims
from tests.signed_passes import (
    AT,
    KEY,
    OTHER_KEY,
    ROOT,
    as_bytes,
    b64,
    forge,
    forge_list,
    forge_root_list,
    header_of,
    status_list,
)
from tests.vectors import loop_vectors
from tests.vectors.issuer_vectors import FOUND, NEIGHBOUR_KEY
from tests.vectors.mutated_claims import JSON_BYTES, NUMBERS, TEXTS, VALUES, Chance, cut
from tests.vectors.situations import TRUST

Case = dict[str, Any]
_LATER = signing_key_of(bytes([7]) * 32).public.to_jwk()
_FIELD = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_NUMBERS = [number.to_bytes(32, "big") for number in (0, 1, _FIELD - 1, _FIELD, _FIELD + 1, 2**256 - 1)]


def certificate(chance: Chance) -> Case:
    """Return a certificate: damaged, or signed anew with other claims."""
    claims = loop_vectors.CERTIFICATE.to_claims()
    name = chance.choice([*claims, "drl", "__proto__"])
    near = (
        claims.get(name, 0) + chance.choice([-1, 1, 10**6]) if isinstance(claims.get(name), int) else ["a", "名" * 41]
    )
    text = chance.choice(
        [
            cut(loop_vectors.TOKEN, chance, chance.choice(["", "A", "=", "."])),
            cut(loop_vectors.CODE, chance, chance.choice("0123456789")),
            loop_vectors.signed(**{name: chance.choice([*VALUES, *TEXTS, near])}),
            loop_vectors.signed(**{name: near}),
            forge(cut(as_bytes(claims), chance, chance.choice(JSON_BYTES)), loop_vectors.HEADER),
            forge(
                claims, header_of(typ=chance.choice(["btc+jwt", "btp+jwt", "bto+jwt"])), chance.choice([KEY, OTHER_KEY])
            ),
        ]
    )
    keys = chance.choice(["current", "current", *TRUST["key_lists"]])
    return {
        "what": "certificate",
        "text": text,
        "keys": keys,
        "at": chance.choice(["2022-06-22T01:00:00Z", "2022-09-01T00:00:00Z"]),
    }


def status_list_signed_anew(chance: Chance) -> Case:
    """Return a status list with other content, other zlib, or another signature."""
    packed = bytes(chance.choice([0, 1, 16]))
    zipped = chance.choice(
        [
            zlib.compress(packed, chance.choice([0, 1, 9])),
            cut(zlib.compress(packed), chance, chance.choice([b"", b"\0", b"x"])),
            zlib.compress(bytes(chance.choice([2**22, 2**22 + 1]))) if chance.random() < 0.02 else b"",
            b"",
        ]
    )
    content: Any = {
        "bits": chance.choice([2, 2, 2, 2, 1, 4, True, "2"]),
        "lst": b64(zipped) + chance.choice(["", "", "", "=", "A"]),
    }
    if chance.random() < 0.1:
        content = chance.choice([*VALUES, {**content, "aggregation_uri": "x"}])
    claims = {
        "sub": chance.choice(["/status/1", *TEXTS]),
        "iat": int(AT.timestamp()),
        "ttl": 3600,
        "status_list": content,
    }
    if chance.random() < 0.3:
        claims[chance.choice(["sub", "iat", "ttl", "exp", "status_list"])] = chance.choice(VALUES)
    key, typ = (
        chance.choice([KEY, KEY, KEY, OTHER_KEY, NEIGHBOUR_KEY]),
        chance.choice(["statuslist+jwt"] * 5 + ["btp+jwt"]),
    )
    made = forge(claims, header_of(key, typ=typ, **chance.choice([{}, {}, {"kid": KEY.kid}])), key)
    text = chance.choice([made, made, made, cut(forge_list(status_list()), chance, chance.choice(["", "A", "."]))])
    return {
        "what": "status-list",
        "text": text,
        "keys": chance.choice(["current", "current", "withdrawn", "retired-before", "rooted"]),
    }


def key_document(chance: Chance) -> dict[str, Any]:
    """Return the JWK of a key, one or two of its members changed."""
    good = {**KEY.public.to_jwk(), "usable_from": "2022-06-01T00:00:00Z"}
    changes: dict[str, list[Any]] = {
        "kty": ["RSA", "OKP", "ec", None],
        "crv": ["P-384", "secp256k1", "P-521", "p-256", None],
        **{
            key: [*map(b64, _NUMBERS), b64(bytes(31)), b64(bytes(33)), good["x"] + "=", "", 5, None]
            for key in ("x", "y")
        },
        "kid": ["", "x" * 65, "a b", None, 5, OTHER_KEY.kid, "__proto__"],
        "alg": ["ES384", "none", None, "ES256"],
        "use": ["enc", None, "sig"],
        **{key: [good["x"], "", None] for key in ("d", "p", "q", "k")},
        "usable_from": ["2022-06-01", "2022-06-01T00:00:00", "x", None, 5, "2022-06-01T00:00:00+08:00"],
        "retired_at": [
            "2022-06-01T00:00:00Z",
            "June 1 2022 00:00Z",
            "2022-13-01T00:00:00Z",
            "2022-02-30T00:00:00Z",
            "",
        ],
        "x5c": [["MII"]],
    }
    names = chance.sample(sorted(changes), k=chance.randint(1, 2))
    return {**good, **{name: chance.choice(changes[name]) for name in names}}


def key_list(chance: Chance) -> Case:
    """Return a plain list of keys."""
    keys: Any = [key_document(chance), *chance.choice([[], [_LATER], [KEY.public.to_jwk()]])]
    document: dict[str, Any] = {"keys": keys, "iss": "411322", "issued_at": "2022-06-22T00:00:00Z"}
    if chance.random() < 0.3:
        name = chance.choice(["keys", "iss", "issued_at", "withdrawn", "verdict", "root_list"])
        document[name] = chance.choice(
            [*VALUES, ["x"], {"staleness_h": chance.choice([[24, 72], [True, 72], ["x"], 5, []])}]
        )
    return {"what": "key-list", "document": document, "root": chance.random() < 0.1}


def root_list(chance: Chance) -> Case:
    """Return a list of keys with what the root has signed, changed before or after it was signed."""
    claims = json.loads(json.dumps(root_list_claims(FOUND)))
    place = chance.choice([claims, claims["trusted"][0]])
    name = chance.choice([*place, "exp"])
    place[name] = chance.choice([*VALUES, [key_document(chance)], ["x"], [dict(place)], *TEXTS[:8]])
    written = as_bytes(claims)
    if chance.random() < 0.2:
        written = written.replace(b'"num":3', b'"num":' + chance.choice(NUMBERS).encode())
    signer = chance.choice([ROOT, ROOT, ROOT, ROOT, KEY])
    signed = forge_root_list(written, root=signer, header=header_of(chance.choice([signer, ROOT]), typ="btk+jwt"))
    if chance.random() < 0.1:
        signed = cut(signed, chance, "A")
    plain = {"keys": [KEY.public.to_jwk()], "iss": "411322"}
    return {"what": "key-list", "document": {**plain, "root_list": signed}, "root": True}


#: What is read beside passes.
KINDS: tuple[Callable[[Chance], Case], ...] = (certificate, status_list_signed_anew, key_list, root_list)
