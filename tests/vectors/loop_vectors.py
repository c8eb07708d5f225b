"""Vectors of closed-loop certificates: what every verifier must say of one without asking the register."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from geodata.windows import format_instant
from passes.loop.claims import LOOP, LoopClaims
from passes.loop.code import LOOP_FORM
from passes.tokens.pass_code import to_code
from tests.signed_passes import AT, CLAIMS, ISSUER, KEY, OTHER_KEY, b64, forge, header_of

URL = "https://pass.example"
SIGNED_AT = AT - timedelta(minutes=5)
CERTIFICATE = LoopClaims(
    issuer=ISSUER,
    number="411322000123",
    issued_at=SIGNED_AT,
    expires_at=SIGNED_AT + timedelta(days=30),
    plate=CLAIMS.plate,
    crew=(("王*明", "0071"), ("李*", "001X")),
    origin=("xiaoshidian", "小史店收费站"),
    destination=("dock", "宏达面粉接收点"),
    began_at=AT - timedelta(hours=2),
    received_at=AT - timedelta(minutes=20),
    ended_at=AT - timedelta(minutes=10),
    length_m=41_250,
    positions=231,
    rules="fangcheng-2022",
)
HEADER = header_of(typ=LOOP.typ)


def signed(claims: dict[str, Any] | None = None, **changes: Any) -> str:
    """Sign a certificate's claims, some changed."""
    return forge({**(claims or CERTIFICATE.to_claims()), **changes}, header=HEADER)


TOKEN = signed()
CODE = to_code(TOKEN, URL, LOOP_FORM)


def _vector(says: str, text: str, verdict: str, reasons: str, **further: Any) -> dict[str, Any]:
    at = format_instant(further.pop("at", AT))
    shown = {"number": CERTIFICATE.number, "plate": CERTIFICATE.plate}
    wanted = {"verdict": verdict, "reasons": reasons.split(), "shows": shown}
    return {"says": says, "text": text, "keys": "current", "at": at, **wanted, **further}


def _refused(says: str, text: str, reason: str, **further: Any) -> dict[str, Any]:
    return _vector(says, text, "red", reason, **{"shows": None, **further})


def certificates() -> Iterator[dict[str, Any]]:
    """Return certificates, true and forged, each with its verdict."""
    yield _vector("a certificate", TOKEN, "green", "loop-signed")
    yield _vector("its code", CODE, "green", "loop-signed")
    yield _vector("its code in small letters", CODE.lower(), "green", "loop-signed")
    yield _vector("its digits alone, with white space", f" {CODE.rpartition('/')[2]}\n", "green", "loop-signed")
    yield _refused("a pass", forge(), "type-not-ours")
    yield _refused("the digits of a pass's code", to_code(forge(), URL).rpartition("/")[2], "token-unreadable")
    yield _refused("a code under a pass's address", CODE.replace("/L/", "/V/"), "token-unreadable")
    yield _refused("empty", "", "token-unreadable")
    yield _refused("far too long", "9" * 9_000, "token-too-long")
    yield _refused("one digit changed", CODE[:-1] + ("1" if CODE[-1] != "1" else "2"), "signature-wrong")
    yield from _claims()
    other = forge(CERTIFICATE.to_claims(), header=header_of(OTHER_KEY, typ=LOOP.typ), key=OTHER_KEY)
    yield _refused("signed by another key under our name", _other_under_our_name(), "signature-wrong")
    yield _refused("unknown key, young list", other, "key-unknown")
    yield _vector("unknown key, list of eight days", other, "amber", "key-unknown", keys="old", shows=None)
    yield _refused("withdrawn key", TOKEN, "key-withdrawn", keys="withdrawn")
    yield _vector("another issuer's name", signed(iss="411300"), "red", "issuer-differs")
    parts = TOKEN.split(".")
    yield _refused(
        "alg none", f"{b64(json.dumps({**HEADER, 'alg': 'none'}).encode())}.{parts[1]}.", "algorithm-not-allowed"
    )
    yield _vector("signed later than this clock", TOKEN, "amber", "loop-clock", at=SIGNED_AT - timedelta(minutes=6))
    yield _vector("a clock a little behind", TOKEN, "green", "loop-signed", at=SIGNED_AT - timedelta(minutes=4))
    last = CERTIFICATE.expires_at
    yield _vector("its last second", TOKEN, "green", "loop-signed", at=last - timedelta(seconds=1))
    yield _vector("at its end", TOKEN, "amber", "loop-old", at=last)


def _other_under_our_name() -> str:
    return forge(CERTIFICATE.to_claims(), header=header_of(KEY, typ=LOOP.typ), key=OTHER_KEY)


def _claims() -> Iterator[dict[str, Any]]:
    whole = CERTIFICATE.to_claims()
    yield _refused("it says left", signed(kpt=False), "claims-not-ours")
    yield _refused(
        "it says nothing of keeping", signed({k: v for k, v in whole.items() if k != "kpt"}), "claims-not-ours"
    )
    yield _refused("a claim too many", signed(drl=True), "claims-not-ours")
    yield _refused("over before it began", signed(out=whole["ins"]), "claims-not-ours")
    yield _refused("signed before it was over", signed(iat=whole["out"] - 1), "claims-not-ours")
    yield _refused("good for two years", signed(exp=whole["iat"] + 730 * 86_400), "lifetime-too-long")
    yield _refused("a whole name", signed(crw=[["王小明", "0071"]]), "claims-not-ours")
    yield _refused("nobody on board", signed(crw=[]), "claims-not-ours")
    yield _refused("a place without a name", signed(dst=["dock"]), "claims-not-ours")
    yield _refused("a name of 41 letters", signed(org=["a", "名" * 41]), "claims-not-ours")
    yield _refused("no plate", signed(plt="X"), "claims-not-ours")
    yield _refused("no metres", signed(len=0), "claims-not-ours")
    yield _refused("the number of an edition", signed(jti="411322000123-2"), "claims-not-ours")
