"""Passes for tests: fixed keys, a realistic pass, and forging of whatever bytes under any key.

Signatures are deterministic here (RFC 6979), so that every token of a test is the same on every run.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from passes.tokens.claims import CrewEntry, PassClaims, StatusSlot
from passes.tokens.code_fitting import code_desk, fit_payload
from passes.tokens.keys import SigningKey, signing_key_of
from passes.verifying.key_list import KeyList, with_root_list
from passes.verifying.root_list import RootList, named, root_list_claims
from passes.verifying.status_list import STATUS_LIST, Status, StatusList, make_status_list
from passes.verifying.trust import Trust
from routing.corridor import Corridor

AT = datetime(2022, 6, 22, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ISSUER = "411322"
LIST_URI = "/status/1"
KEY = signing_key_of(bytes([1]) * 32)
OTHER_KEY = signing_key_of(bytes([2]) * 32)
ROOT = signing_key_of(bytes([3]) * 32)


def fitting_claims(claims: PassClaims, make: Callable[[int], PassClaims], public_url: str) -> PassClaims:
    """Return claims with the finest corridor whose code still fits, as issuing fits it."""
    drawn = fit_payload(claims.to_claims(), DrawnBy(make), code_desk(KEY.kid, public_url)).corridor
    return replace(claims, corridor=drawn.points, tolerance_m=drawn.tolerance_m)


def winding_route(points: int) -> tuple[tuple[float, float], ...]:
    """Return a route as real roads wind: nothing in it repeats."""
    chance = random.Random(7)
    lon, lat, route = 113.0, 33.25, []
    for _ in range(points):
        route.append((round(lon, 4), round(lat, 4)))
        lon, lat = lon + chance.uniform(-0.005, 0.03), lat + chance.uniform(-0.02, 0.02)
    return tuple(route)


@dataclass(frozen=True)
class DrawnBy:
    """Draws the corridor that claims made for so many points hold."""

    make: Callable[[int], PassClaims]
    most_points: int = 60

    def corridor(self, most_points: int) -> Corridor:
        """Draw it."""
        claims = self.make(most_points)
        return Corridor(claims.corridor, claims.tolerance_m)


ROUTE = winding_route(25)
CLAIMS = PassClaims(
    issuer=ISSUER,
    jti="411322000123",
    issued_at=AT - 2 * HOUR,
    not_before=AT - HOUR,
    expires_at=AT + 10 * HOUR,
    status=StatusSlot(5, LIST_URI),
    plate="豫R12345",
    crew=(CrewEntry("王*明", "123X", AT + 8 * HOUR), CrewEntry("李*", "0015", AT + 20 * HOUR)),
    origin="410100",
    destination="ent-017-dock",
    corridor=ROUTE,
    tolerance_m=250,
    terms=("one_way",),
    rules="2022-06-22",
)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def as_bytes(document: Any) -> bytes:
    if isinstance(document, bytes):
        return document
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def header_of(key: SigningKey = KEY, **changes: Any) -> dict[str, Any]:
    return {"alg": "ES256", "kid": key.kid, "typ": "btp+jwt", **changes}


def raw_signature(signed: bytes, key: SigningKey = KEY, *, high_s: bool = False) -> bytes:
    der = key.private.sign(signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    low = min(s, ORDER - s)
    return r.to_bytes(32, "big") + (ORDER - low if high_s else low).to_bytes(32, "big")


def forge(
    claims: Any = None,
    header: Any = None,
    key: SigningKey = KEY,
    *,
    high_s: bool = False,
    signature: bytes | None = None,
) -> str:
    """Sign any header and payload, documents or bytes, as they are."""
    claims = CLAIMS.to_claims() if claims is None else claims
    signed = f"{b64(as_bytes(header_of(key) if header is None else header))}.{b64(as_bytes(claims))}"
    signature = raw_signature(signed.encode(), key, high_s=high_s) if signature is None else signature
    return f"{signed}.{b64(signature)}"


def forge_hmac(secret: bytes, **header: Any) -> str:
    """Sign with HS256 under a secret that everybody knows: the public key."""
    signed = f"{b64(as_bytes(header_of(alg='HS256', **header)))}.{b64(as_bytes(CLAIMS.to_claims()))}"
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def claims_with(**changes: Any) -> dict[str, Any]:
    """Return the claims of the usual pass with members changed; None takes one away."""
    merged = {**CLAIMS.to_claims(), **changes}
    return {name: value for name, value in merged.items() if value is not None}


def token_of(**changes: Any) -> str:
    """Sign the usual pass with fields of `PassClaims` changed."""
    return forge(replace(CLAIMS, **changes).to_claims())


def key_list(*keys: SigningKey, **changes: Any) -> KeyList:
    named = {one.kid: one.public for one in keys or (KEY,)}
    return KeyList(**{"keys": MappingProxyType(named), "issuer": ISSUER, "issued_at": AT - HOUR, **changes})


def forge_root_list(claims: Any, *, root: SigningKey = ROOT, header: Any = None) -> str:
    """Sign a root's list, or whatever is to pass for one."""
    return forge(claims, header=header or header_of(root, typ="btk+jwt"), key=root)


def rooted(found: RootList, **changes: Any) -> KeyList:
    """Return a key list with what the root has signed, as a verifier reads it."""
    return with_root_list(key_list(**changes), found, forge_root_list(root_list_claims(found)))


def root_list(*keys: SigningKey, **changes: Any) -> RootList:
    held = named(one.public for one in keys or (KEY,))
    return RootList(**{"issuer": ISSUER, "number": 3, "issued_at": AT - HOUR, "keys": held, **changes})


def status_list(statuses: Mapping[int, Status] = MappingProxyType({}), *, at: datetime = AT - HOUR) -> StatusList:
    return make_status_list(LIST_URI, statuses.items(), size=64, at=at)


def forge_list(found: StatusList, key: SigningKey = KEY) -> str:
    """Sign a status list as the product does, but with a signature that is the same on every run."""
    content = {"bits": 2, "lst": b64(zlib.compress(found.packed, 9))}
    claims = {"sub": found.uri, "iat": int(found.issued_at.timestamp()), "ttl": 3600, "status_list": content}
    return forge(claims, header=header_of(key, typ=STATUS_LIST.typ), key=key)


def trust(statuses: StatusList | None = None, **changes: Any) -> Trust:
    return Trust(**{"keys": key_list(), "statuses": statuses or status_list(), **changes})
