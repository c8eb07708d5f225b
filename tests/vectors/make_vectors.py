"""Write the vectors: passes of every kind with the verdict that each must get.

The verdicts are written by hand here; what the product says is only compared with them (`tests/passes/test_vectors.py`).
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from geodata.windows import format_instant
from passes.tokens.claims import CrewEntry
from passes.tokens.pass_code import DICTIONARY, to_code
from passes.verifying.key_list import write_key_list
from passes.verifying.status_list import STATUS_LIST, Status
from passes.verifying.verdicts import VerdictRules
from tests.signed_passes import (
    AT,
    CLAIMS,
    HOUR,
    ISSUER,
    KEY,
    LIST_URI,
    OTHER_KEY,
    ROOT,
    as_bytes,
    b64,
    claims_with,
    forge,
    forge_hmac,
    forge_list,
    header_of,
    key_list,
    status_list,
)
from tests.vectors import hostile_vectors, issuer_vectors, loop_vectors

FOLDER = Path(__file__).parent
URL = "https://pass.example"
SECOND = timedelta(seconds=1)
TOKEN = forge()
CODE = to_code(TOKEN, URL)
DIGITS = CODE.rpartition("/")[2]
ON_ROUTE = CLAIMS.corridor[3]
Vector = dict[str, Any]


def vector(says: str, text: str, verdict: str, reasons: str, **further: Any) -> Vector:
    """Return one vector; reasons are written as words."""
    at = further.pop("at", AT)
    return {
        "says": says,
        "text": text,
        "keys": "current",
        "status_list": "fresh",
        "at": format_instant(at) if isinstance(at, datetime) else at,
        "plate": None,
        "position": None,
        "way": None,
        "verdict": verdict,
        "reasons": reasons.split(),
        "shows": {"number": CLAIMS.number, "plate": CLAIMS.plate},
        **further,
    }


def refused(says: str, text: str, reason: str, **further: Any) -> Vector:
    """Return a vector that ends at the front door or at the signature."""
    return vector(says, text, "red", reason, **{"shows": None, **further})


def signature_layer() -> Iterator[Vector]:
    yield vector("a good pass", TOKEN, "green", "pass-valid list-current")
    yield refused("one letter of the payload changed", TOKEN.replace(".eyJpc3Mi", ".eyJpc3Ni"), "token-unreadable")
    yield refused("plate changed, signature kept", _spliced(claims_with(plt="豫R54321")), "signature-wrong")
    yield refused("one bit of r changed", _bent(0), "signature-wrong")
    yield refused("one bit of s changed", _bent(63), "signature-wrong")
    yield refused("high s", forge(high_s=True), "signature-not-canonical")
    yield refused("r and s are zero", forge(signature=bytes(64)), "signature-not-canonical")
    yield refused("signature of 63 bytes", forge(signature=bytes(62) + b"\1"), "signature-not-canonical")
    yield refused("signed by another key under our name", forge(key=OTHER_KEY, header=header_of()), "signature-wrong")
    unknown = forge(key=OTHER_KEY)
    yield refused("unknown key, young list", unknown, "key-unknown list-current")
    yield vector(
        "unknown key, list of eight days", unknown, "amber", "key-unknown list-current", keys="old", shows=None
    )
    yield vector(
        "unknown key, list of unknown age", unknown, "amber", "key-unknown list-current", keys="plain", shows=None
    )
    yield refused("withdrawn key", TOKEN, "key-withdrawn", keys="withdrawn")
    yield vector("retired before the pass was issued", TOKEN, "red", "key-retired list-current", keys="retired-before")
    yield vector("retired after the pass was issued", TOKEN, "green", "pass-valid list-current", keys="retired-after")


def header_layer() -> Iterator[Vector]:
    yield refused(
        "alg none, no signature",
        f"{b64(as_bytes(header_of(alg='none')))}.{TOKEN.split('.')[1]}.",
        "algorithm-not-allowed",
    )
    yield refused(
        "HS256 under the public key's JSON",
        forge_hmac(json.dumps(KEY.public.to_jwk()).encode()),
        "algorithm-not-allowed",
    )
    yield refused("RS256 under our key's name", forge(header=header_of(alg="RS256")), "algorithm-not-allowed")
    yield refused("ES384", forge(header=header_of(alg="ES384")), "algorithm-not-allowed")
    yield refused("typ JWT", forge(header=header_of(typ="JWT")), "type-not-ours")
    yield refused("typ of a closure order", forge(header=header_of(typ="bto+jwt")), "closure-order")
    yield refused("a status list", forge({}, header=header_of(typ=STATUS_LIST.typ)), "type-not-ours")
    for member, value in (
        ("jku", "https://forger.example"),
        ("jwk", OTHER_KEY.public.to_jwk()),
        ("x5c", ["MII"]),
        ("crit", ["exp"]),
    ):
        yield refused(f"header brings {member}", forge(header=header_of(**{member: value})), "header-not-ours")
    without = {name: value for name, value in header_of().items() if name != "typ"}
    yield refused("no typ", forge(header=without), "header-not-ours")
    yield refused("no kid", forge(header={"alg": "ES256", "typ": "btp+jwt"}), "header-not-ours")
    yield refused("kid is a path", forge(header=header_of(kid="../../key")), "header-not-ours")
    yield refused("alg named twice", forge(header=as_bytes(header_of())[:-1] + b',"alg":"none"}'), "token-unreadable")
    yield refused("typ of a closed-loop certificate", forge(header=header_of(typ="btc+jwt")), "loop-certificate")


def json_layer() -> Iterator[Vector]:
    claims = as_bytes(CLAIMS.to_claims())
    yield vector(
        "spaces and escapes in the JSON",
        forge(json.dumps(CLAIMS.to_claims(), indent=1).encode()),
        "green",
        "pass-valid list-current",
    )
    yield vector("white space around the token", f" {TOKEN}\r\n", "green", "pass-valid list-current")
    yield refused("empty", "", "token-unreadable")
    yield refused("no token at all", "豫R12345", "token-unreadable")
    yield refused("two parts", TOKEN.rpartition(".")[0], "token-unreadable")
    yield refused("padded", TOKEN + "==", "token-unreadable")
    yield refused("a space inside", TOKEN.replace(".", ". ", 1), "token-unreadable")
    yield refused("byte-order mark in the payload", forge(b"\xef\xbb\xbf" + claims), "token-unreadable")
    yield refused("byte-order mark before the token", "\ufeff" + TOKEN, "token-unreadable")
    yield refused("a claim named twice", forge(claims[:-1] + b',"exp":1655899201}'), "token-unreadable")
    yield refused(
        "a member of status named twice", forge(claims.replace(b'"idx":5', b'"idx":5,"idx":6')), "token-unreadable"
    )
    yield refused("NaN", forge(claims.replace(b'"tol":250', b'"tol":NaN')), "token-unreadable")
    yield refused("a fraction", forge(claims.replace(b'"tol":250', b'"tol":250.0')), "token-unreadable")
    yield refused("no UTF-8", forge(claims.replace(b"410100", b"41\xff100")), "token-unreadable")
    yield refused("a list as payload", forge(b"[]"), "token-unreadable")
    yield refused("deep nesting", forge(b"[" * 2_000), "token-unreadable")
    nested = as_bytes({**CLAIMS.to_claims(), "trm": "X"})
    for depth in (16, 17, 900):
        brackets = b"[" * depth + b"]" * depth
        reason = "claims-not-ours" if depth == 16 else "token-unreadable"
        yield refused(f"lists within lists, {depth} deep", forge(nested.replace(b'"X"', brackets)), reason)
    yield refused("a control character in a name", forge(claims.replace(b"410100", b"410\t100")), "token-unreadable")
    yield refused("a claim named __proto__", forge(claims[:-1] + b',"__proto__":{}}'), "claims-not-ours")
    yield refused("a number of seventeen digits", forge(claims_with(exp=16558992000000000)), "token-unreadable")
    unbound = as_bytes(claims_with(crw=[["王*明", "123X", 0]])).replace(b",0]]", b",-0]]")
    yield vector("nothing, written with a minus", forge(unbound), "green", "pass-valid list-current")
    yield refused("2 MB", "A", "token-too-long", text_repeat=2_000_000)


def claims_layer() -> Iterator[Vector]:
    changes: Mapping[str, Mapping[str, Any]] = {
        "exp is a string": {"exp": "1655899200"},
        "exp is true": {"exp": True},
        "exp is missing": {"exp": None},
        "exp before nbf": {"exp": int((AT - 2 * HOUR).timestamp())},
        "an unknown claim": {"sub": "x"},
        "no corridor": {"cor": None},
        "corridor of one point": {"cor": "A@"},
        "full name": {"crw": [["王小明", "123X", 0]]},
        "whole ID": {"crw": [["王*明", "41132219800101001X", 0]]},
        "no crew": {"crw": []},
        "plate in full width": {"plt": "豫Ｒ12345"},
        "plate with the letter O": {"plt": "豫RO2345"},
        "tolerance of nothing": {"tol": 0},
        "negative slot": {"status": {"idx": -1, "uri": LIST_URI}},
        "drill false": {"drl": False},
        "drill as a number": {"drl": 1},
    }
    for says, changed in changes.items():
        yield refused(says, forge(claims_with(**changed)), "claims-not-ours")
    yield refused("valid for a hundred years", forge(claims_with(exp=1655859600 + 3_155_760_000)), "lifetime-too-long")
    yield vector("another issuer's name", _signed(issuer="411300"), "red", "issuer-differs list-current")
    yield vector("a drill's pass", _signed(drill=True), "red", "drill list-current")
    yield vector(
        "new-energy plate",
        _signed(plate="豫RD12345"),
        "green",
        "pass-valid list-current",
        shows={"number": CLAIMS.number, "plate": "豫RD12345"},
    )
    yield vector("the second edition of a pass", _signed(jti=f"{CLAIMS.jti}-2"), "green", "pass-valid list-current")


def time_layer() -> Iterator[Vector]:
    trusted = {"keys": "early", "status_list": "early"}
    yield vector(
        "one second before nbf", TOKEN, "red", "not-yet-valid list-current", at=CLAIMS.not_before - SECOND, **trusted
    )
    yield vector("at nbf", TOKEN, "green", "pass-valid list-current", at=CLAIMS.not_before, **trusted)
    short = _signed(crew=(CrewEntry("王*明", "123X"),))
    yield vector(
        "one second before exp", short, "green", "pass-valid list-current", at=CLAIMS.expires_at - SECOND, **trusted
    )
    yield vector("at exp", short, "red", "expired list-current", at=CLAIMS.expires_at, **trusted)
    yield vector("at the end of a condition", TOKEN, "green", "pass-valid list-current", at=AT + 8 * HOUR, **trusted)
    yield vector(
        "a condition ended on the way",
        TOKEN,
        "amber",
        "condition-ended-inside list-current",
        at=AT + 8 * HOUR + SECOND,
        **trusted,
    )
    yield vector(
        "a condition ended, strict policy",
        TOKEN,
        "red",
        "condition-ended-inside list-current",
        at=AT + 8 * HOUR + SECOND,
        keys="strict",
        status_list="early",
    )
    yield vector("clock one day behind", TOKEN, "amber", "clock-wrong list-current", at=AT - 24 * HOUR)
    yield vector("a list from the future", TOKEN, "amber", "clock-wrong list-current", status_list="future")
    yield vector("clock behind, surely expired", TOKEN, "red", "expired clock-wrong list-current", status_list="late")


def status_layer() -> Iterator[Vector]:
    for status in (Status.WITHDRAWN, Status.SUSPENDED, Status.REPLACED):
        name = status.name.lower()
        verdict = "amber" if status is Status.REPLACED else "red"
        yield vector(name, TOKEN, verdict, f"{name} list-current", status_list=name)
    yield vector("no list", TOKEN, "amber", "list-missing", status_list=None)
    yield vector("list of 24 h", TOKEN, "green", "pass-valid list-current", status_list="24h")
    a_moment_later = {"at": AT + SECOND}
    yield vector("list of 24 h and a second", TOKEN, "amber", "list-old", status_list="24h", **a_moment_later)
    yield vector("list of 72 h", TOKEN, "amber", "list-old", status_list="72h")
    yield vector("list of 72 h and a second", TOKEN, "amber", "list-too-old", status_list="72h", **a_moment_later)
    yield vector("list of 25 h", TOKEN, "amber", "list-old", status_list="25h")
    yield vector("list of 73 h", TOKEN, "amber", "list-too-old", status_list="73h")
    yield vector("withdrawn in a list of 73 h", TOKEN, "red", "withdrawn list-too-old", status_list="withdrawn-73h")
    yield vector("a list of other passes", TOKEN, "amber", "list-without-pass list-current", status_list="other")
    seen = {"seen": format_instant(AT - HOUR)}
    yield vector("a list older than one seen", TOKEN, "amber", "list-older", status_list="24h", **seen)
    yield vector(
        "withdrawn in a list older than one seen", TOKEN, "amber", "list-older", status_list="withdrawn-73h", **seen
    )
    yield vector("the list seen before, again", TOKEN, "green", "pass-valid list-current", **seen)
    yield vector("another plate", TOKEN, "red", "plate-differs list-current", plate="豫R54321")
    yield vector("the plate in full width", TOKEN, "green", "pass-valid list-current", plate="豫Ｒ·１２３４５")
    yield vector("on the route", TOKEN, "green", "pass-valid list-current", position=list(ON_ROUTE))
    yield vector("along the route", TOKEN, "green", "pass-valid list-current", way="along")
    yield vector("the other way round", TOKEN, "amber", "other-way list-current", way="against")
    back = _signed(terms=("round_trip",))
    yield vector("the other way round, on the way back", back, "green", "pass-valid list-current", way="against")
    waits = _signed(terms=("one_way", "pending"))
    yield vector("a result that was not known yet", waits, "amber", "result-pending list-current")
    yield vector("off the route", TOKEN, "amber", "off-route list-current", position=[ON_ROUTE[0], 34.0])
    yield vector(
        "everything at once",
        _signed(drill=True),
        "red",
        "drill withdrawn plate-differs list-too-old off-route other-way",
        status_list="withdrawn-73h",
        plate="豫R54321",
        position=[113.0, 34.0],
        way="against",
    )


def code_layer() -> Iterator[Vector]:
    good = "pass-valid list-current"
    yield vector("the code", CODE, "green", good)
    yield vector("the code in lower case", CODE.lower(), "green", good)
    yield vector("its digits alone", DIGITS, "green", good)
    yield vector("the code at another address", f"HTTP://127.0.0.1:8000/V/{DIGITS}", "green", good)
    yield refused("leading zero", f"{URL}/V/0{DIGITS}", "token-unreadable")
    yield refused("one digit less", CODE[:-1], "token-unreadable")
    yield refused("another path", f"{URL}/X/{DIGITS}", "token-unreadable")
    yield refused("a query behind the digits", f"{CODE}?x=1", "token-unreadable")
    yield refused("the code of a closure order", f"HTTPS://PASS.EXAMPLE/O/{DIGITS}", "closure-order")
    yield refused("another marker", _digits(b"\2", deflated(b"{}{}")), "token-unreadable")
    yield refused("deflate broken off", _digits(b"\1", deflated(b"{}" * 40)[:-2]), "token-unreadable")
    yield refused("bytes after the deflated ones", _digits(b"\1", deflated(b"{}{}") + b"x"), "token-unreadable")
    yield refused("inflates to 100 kB", _digits(b"\1", deflated(b"{" + b" " * 100_000)), "token-too-long")
    yield refused("no header in it", _digits(b"\1", deflated(b"no brace")), "token-unreadable")


def key_lists() -> list[Vector]:
    """Return key lists with the code of what is wrong with each, "" where nothing is."""
    good, other = KEY.public.to_jwk(), OTHER_KEY.public.to_jwk()
    changed: Mapping[str, tuple[Any, str]] = {
        "two keys": ([good, other], ""),
        "no list": ({}, "key-list-unreadable"),
        "another curve": ([{**good, "crv": "P-384"}], "key-not-p256"),
        "no curve": ([{name: value for name, value in good.items() if name != "crv"}], "key-not-p256"),
        "another type": ([{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "x"}], "key-not-p256"),
        "another algorithm": ([{**good, "alg": "ES384"}], "key-not-p256"),
        "a key to encrypt with": ([{**good, "use": "enc"}], "key-not-p256"),
        "neither algorithm nor use": ([{name: good[name] for name in ("kty", "crv", "x", "y", "kid")}], ""),
        "a private key": ([{**good, "d": good["x"]}], "key-private"),
        "a point beside the curve": ([{**good, "y": other["y"]}], "key-not-on-curve"),
        "a coordinate of 31 bytes": ([{**good, "x": b64(bytes(31))}], "key-unreadable"),
        "a padded coordinate": ([{**good, "x": good["x"] + "="}], "key-unreadable"),
        "no name": ([{**good, "kid": None}], "key-unreadable"),
        "two issuers' keys under one name": ([good, {**other, "kid": good["kid"]}], "key-named-twice"),
        "a coordinate beyond the field": ([{**good, "x": b64(b"\xff" * 32)}], "key-not-on-curve"),
        "the point of nothing": ([{**good, "x": b64(bytes(32)), "y": b64(bytes(32))}], "key-not-on-curve"),
        "a private key of nothing": ([{**good, "d": None}], "key-private"),
        "retired on the 30th of February": ([{**good, "retired_at": "2022-02-30T00:00:00Z"}], "time-unreadable"),
        "retired by somebody's clock": ([{**good, "retired_at": "2022-06-22T00:00:00"}], "time-without-offset"),
        "usable from some day": ([{**good, "usable_from": "June 1 2022 00:00Z"}], "time-unreadable"),
    }
    return [
        {"number": 800 + place, "says": says, "document": {"keys": keys}, "refused": code}
        for place, (says, (keys, code)) in enumerate(changed.items(), 1)
    ]


LAYERS = {
    "01-signature": lambda: (
        *signature_layer(),
        *hostile_vectors.signatures(vector, refused),
        *hostile_vectors.admissions(vector),
    ),
    "02-header": lambda: (*header_layer(), *hostile_vectors.headers(vector, refused)),
    "03-json": lambda: (*json_layer(), *hostile_vectors.jsons(vector, refused)),
    "04-claims": lambda: (*claims_layer(), *hostile_vectors.claims(vector, refused)),
    "05-time": time_layer,
    "06-status": lambda: (*status_layer(), *hostile_vectors.states(vector, refused)),
    "07-code": lambda: (*code_layer(), *hostile_vectors.codes(vector, refused)),
    "09-issuers": lambda: issuer_vectors.issuer_layer(vector),
}


def _signed(**changes: Any) -> str:
    return forge(replace(CLAIMS, **changes).to_claims())


def _spliced(claims: Any) -> str:
    header, _, signature = TOKEN.split(".")
    return f"{header}.{b64(as_bytes(claims))}.{signature}"


def _bent(place: int) -> str:
    from passes.tokens.front_door import decode_base64url

    signature = bytearray(decode_base64url(TOKEN.rpartition(".")[2]))
    signature[place] ^= 1
    return forge(signature=bytes(signature))


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=DICTIONARY)
    return packer.compress(data) + packer.flush()


def _digits(marker: bytes, packed: bytes) -> str:
    return str(int.from_bytes(marker + packed + hashlib.sha512(b"signature").digest(), "big"))


def trust_document() -> dict[str, Any]:
    """Return key lists and signed status lists by name."""
    retired = {name: replace(KEY.public, retired_at=at) for name, at in (("before", CLAIMS.issued_at), ("after", AT))}
    keys = {
        "current": key_list(),
        "early": key_list(issued_at=AT - 4 * HOUR),
        "strict": key_list(issued_at=AT - 4 * HOUR, rules=VerdictRules(on_expiry_inside="red")),
        "old": key_list(issued_at=AT - timedelta(days=8)),
        "seven-days": key_list(issued_at=AT - timedelta(days=7)),
        "plain": key_list(issued_at=None, issuer=""),
        "rooted": issuer_vectors.ROOTED,
        "withdrawn": key_list(OTHER_KEY, withdrawn=frozenset({KEY.kid})),
        **{f"retired-{name}": key_list(keys={KEY.kid: key}) for name, key in retired.items()},
    }
    statuses = {
        "fresh": status_list(),
        "early": status_list(at=AT - 4 * HOUR),
        "late": status_list(at=CLAIMS.expires_at),
        "future": status_list(at=AT + HOUR),
        "24h": status_list(at=AT - 24 * HOUR),
        "25h": status_list(at=AT - 25 * HOUR),
        "72h": status_list(at=AT - 72 * HOUR),
        "73h": status_list(at=AT - 73 * HOUR),
        "other": replace(status_list(), uri="/status/2"),
        "withdrawn-73h": status_list({5: Status.WITHDRAWN}, at=AT - 73 * HOUR),
        **{one.name.lower(): status_list({4: Status.VALID, 5: one}) for one in Status if one},
    }
    return {
        "about": "Key lists as `keys export` writes them and status lists as `pass status-list` writes them, by name.",
        "issuer": ISSUER,
        "root": ROOT.public.to_jwk(),
        "foreign_issuer": issuer_vectors.NEIGHBOUR,
        "key_lists": {**{name: write_key_list(one) for name, one in keys.items()}, **issuer_vectors.BESIDE},
        "status_lists": {name: forge_list(one) for name, one in statuses.items()},
        "foreign_lists": {
            name: forge_list(one, issuer_vectors.NEIGHBOUR_KEY) for name, one in issuer_vectors.FOREIGN_LISTS.items()
        },
    }


def documents() -> dict[str, Any]:
    """Return every file's content by name; numbers run through a layer: 101, 102, ..., 201, ..."""
    files: dict[str, Any] = {"trust": trust_document()}
    for name, make in LAYERS.items():
        files[name] = [{"number": 100 * int(name[:2]) + place, **one} for place, one in enumerate(make(), 1)]
    lists = {"08-key-lists": key_lists(), "10-root-lists": issuer_vectors.root_lists()}
    certificates = [{"number": 1200 + place, **one} for place, one in enumerate(loop_vectors.certificates(), 1)]
    files |= {"11-bundles": issuer_vectors.bundles(), "12-certificates": certificates}
    return {**files, **lists, "13-status-lists": hostile_vectors.status_lists()}


def written(document: Any) -> str:
    return json.dumps(document, ensure_ascii=True, indent=1) + "\n"


def main() -> None:
    for name, document in documents().items():
        (FOLDER / f"{name}.json").write_text(written(document), encoding="ascii")


if __name__ == "__main__":
    main()
