"""Vectors of issuers, of the root's list, and of bundles: who vouches for which key, and what is refused as older."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from passes.tokens.keys import PublicKey, SigningKey, signing_key_of
from passes.verifying.bundle import BUNDLE
from passes.verifying.key_list import KeyList, write_key_list
from passes.verifying.root_list import OtherIssuer, root_list_claims
from passes.verifying.status_list import Status
from tests.signed_passes import (
    AT,
    CLAIMS,
    HOUR,
    ISSUER,
    KEY,
    OTHER_KEY,
    ROOT,
    forge,
    forge_list,
    forge_root_list,
    header_of,
    key_list,
    root_list,
    rooted,
    status_list,
)

Vector = dict[str, Any]
NEIGHBOUR = "411300"
STRANGER = "411700"
NEIGHBOUR_KEY = signing_key_of(bytes([4]) * 32)
RETIRED_KEY = signing_key_of(bytes([5]) * 32)
#: The neighbour has a key that bears the name of ours.
SAME_NAME = SigningKey(replace(OTHER_KEY.public, kid=KEY.kid), OTHER_KEY.private)
UNTIL = AT + 2 * HOUR


def _retired(key: PublicKey) -> PublicKey:
    return replace(key, retired_at=CLAIMS.issued_at)


def _named(*keys: PublicKey) -> Mapping[str, PublicKey]:
    return MappingProxyType({one.kid: one for one in keys})


OTHER = OtherIssuer(
    NEIGHBOUR,
    "南阳市",
    UNTIL,
    _named(NEIGHBOUR_KEY.public, SAME_NAME.public, _retired(RETIRED_KEY.public)),
    frozenset({"stolen-1"}),
)
#: What the neighbour publishes, by name; in the same slot of the same name as ours.
FOREIGN_LISTS = {
    "fresh": status_list(),
    "25h": status_list(at=AT - 25 * HOUR),
    "other": replace(status_list(), uri="/status/2"),
    **{one.name.lower(): status_list({5: one}) for one in (Status.WITHDRAWN, Status.REPLACED)},
}
FOUND = root_list(KEY, others=MappingProxyType({NEIGHBOUR: OTHER}))
ROOTED: KeyList = rooted(FOUND)
#: What stands beside the root's list is changed: a key is taken away, or another one bears its name.
BESIDE = {
    "rooted-taken-away": {**write_key_list(ROOTED), "keys": []},
    "rooted-exchanged": {**write_key_list(ROOTED), "keys": [{**OTHER_KEY.public.to_jwk(), "kid": KEY.kid}]},
}


def pass_of(issuer: str, key: SigningKey = NEIGHBOUR_KEY, *, kid: str = "", **changes: Any) -> str:
    """Sign a pass of another issuer."""
    header = header_of(key, **({"kid": kid} if kid else {}))
    return forge(replace(CLAIMS, issuer=issuer, **changes).to_claims(), header=header, key=key)


def issuer_layer(vector: Any) -> Iterator[Vector]:
    """Return passes of several issuers, judged by a list that the root has signed."""

    def judged(says: str, text: str, verdict: str, reasons: str, *, hidden: bool = False, **further: Any) -> Vector:
        shown = {"shows": None} if hidden else {}
        return dict(vector(says, text, verdict, reasons, **{"keys": "rooted", **shown, **further}))

    taken = "list-missing issuer-trusted"
    yield judged("our own pass under a root", forge(), "green", "pass-valid list-current")
    yield judged("a trusted issuer's pass", pass_of(NEIGHBOUR), "amber", taken)
    just_before = {"at": UNTIL - timedelta(seconds=1)}
    yield judged("a trusted issuer, a second before its end", pass_of(NEIGHBOUR), "amber", taken, **just_before)
    yield judged("a trusted issuer, at its end", pass_of(NEIGHBOUR), "amber", "issuer-ended", at=UNTIL, hidden=True)
    yield judged("an issuer that nobody knows", pass_of(STRANGER), "amber", "issuer-unknown", hidden=True)
    yield judged(
        "an unknown issuer whose key bears our key's name",
        pass_of(STRANGER, SAME_NAME),
        "amber",
        "issuer-unknown",
        hidden=True,
    )
    yield judged("a trusted issuer whose key bears our key's name", pass_of(NEIGHBOUR, SAME_NAME), "amber", taken)
    yield judged("our name over the other's key", pass_of(ISSUER, SAME_NAME), "red", "signature-wrong", hidden=True)
    yield judged("the other's name over our key", pass_of(NEIGHBOUR, KEY), "red", "signature-wrong", hidden=True)
    stolen = pass_of(NEIGHBOUR, NEIGHBOUR_KEY, kid="stolen-1")
    yield judged("a trusted issuer's withdrawn key", stolen, "red", "key-withdrawn", hidden=True)
    further = pass_of(NEIGHBOUR, signing_key_of(bytes([6]) * 32))
    yield judged("a trusted issuer's unknown key", further, "amber", "key-unknown list-missing", hidden=True)
    retired = f"key-retired {taken}"
    yield judged("a trusted issuer's retired key", pass_of(NEIGHBOUR, RETIRED_KEY), "red", retired)
    yield judged(
        "a trusted issuer's pass in a slot that is withdrawn here",
        pass_of(NEIGHBOUR),
        "amber",
        taken,
        status_list="withdrawn",
    )
    held = "issuer-trusted list-current"
    for says, name, verdict, reasons in (
        ("that its own list holds", "fresh", "green", f"pass-valid {held}"),
        ("that its own list withdraws", "withdrawn", "red", f"withdrawn {held}"),
        ("that its own list replaces", "replaced", "amber", f"replaced {held}"),
        ("by a list of 25 h", "25h", "amber", "list-old issuer-trusted"),
        ("in a list that is not held", "other", "amber", f"list-without-pass {held}"),
    ):
        yield judged(f"a trusted issuer's pass {says}", pass_of(NEIGHBOUR), verdict, reasons, foreign=name)
    yield judged(
        "our own pass, its slot withdrawn by another issuer",
        forge(),
        "green",
        "pass-valid list-current",
        foreign="withdrawn",
    )
    plate = f"plate-differs {taken}"
    yield judged("a trusted issuer's pass on another truck", pass_of(NEIGHBOUR), "red", plate, plate="豫R54321")
    over = pass_of(NEIGHBOUR, expires_at=AT)
    yield judged("a trusted issuer's pass that expired", over, "red", f"expired {taken}")
    for keys, says in (("rooted-taken-away", "taken away"), ("rooted-exchanged", "exchanged")):
        unknown = "key-unknown list-current"
        yield judged(f"our key {says} beside the root's list", forge(), "red", unknown, keys=keys, hidden=True)
    foreign = "key-unknown list-current"
    yield judged(
        "another issuer, by a plain list that names none",
        pass_of(STRANGER),
        "amber",
        foreign,
        keys="plain",
        hidden=True,
    )
    yield judged(
        "another issuer, by a list without a root",
        pass_of(STRANGER),
        "amber",
        "issuer-unknown",
        keys="old",
        hidden=True,
    )


def _list(claims: Mapping[str, Any] | None = None, **changes: Any) -> Vector:
    """Return a key list's document with a list that the root has signed, changed before it was signed."""
    signed = forge_root_list({**root_list_claims(FOUND), **changes} if claims is None else claims)
    return {**write_key_list(key_list()), "root_list": signed}


def root_lists() -> list[Vector]:
    """Return key lists with their root, and whether each is read."""
    plain, good = write_key_list(key_list()), _list()
    neighbour = root_list_claims(FOUND)["trusted"][0]
    ours = root_list_claims(FOUND)["keys"][0]

    def with_issuer(**changes: Any) -> Vector:
        return _list(trusted=[{**neighbour, **changes}])

    claims = root_list_claims(FOUND)
    cases: list[tuple[str, Vector, str, int]] = [
        ("signed by the root", good, "", 0),
        ("the newest one again", good, "", 3),
        ("older than one seen", good, "key-list-older", 4),
        ("without the root's list", plain, "key-list-without-root", 0),
        ("an empty list of the root's", {**plain, "root_list": ""}, "key-list-without-root", 0),
        ("signed by one of its own keys", _signed_by(KEY, claims), "root-list-not-signed", 0),
        ("signed by another key under the root's name", _signed_by(KEY, claims, ROOT.kid), "root-list-not-signed", 0),
        ("a letter changed", {**good, "root_list": _bent(good["root_list"])}, "root-list-not-signed", 0),
        ("a status list in its place", _signed_by(ROOT, claims, typ="statuslist+jwt"), "root-list-unreadable", 0),
        ("number zero", _list(num=0), "root-list-unreadable", 0),
        ("its number as text", _list(num="3"), "root-list-unreadable", 0),
        ("a further member", _list(exp=1), "root-list-unreadable", 0),
        ("trusted issuers as an object", _list(trusted={}), "root-list-unreadable", 0),
        ("an issuer with a further member", with_issuer(url="x"), "root-list-unreadable", 0),
        ("an issuer without a name", with_issuer(iss=""), "root-list-unreadable", 0),
        ("an issuer named twice", _list(trusted=[neighbour, neighbour]), "issuer-named-twice", 0),
        ("the county among the others", with_issuer(iss=ISSUER), "issuer-named-twice", 0),
        ("another issuer's key on P-384", with_issuer(keys=[{**ours, "crv": "P-384"}]), "key-not-p256", 0),
        ("another issuer's private key", with_issuer(keys=[{**ours, "d": ours["x"]}]), "key-private", 0),
        ("another issuer's key twice", with_issuer(keys=[ours, ours]), "key-named-twice", 0),
        ("keys of one name with two issuers", with_issuer(keys=[ours]), "", 0),
        ("own keys on another curve", _list(keys=[{**ours, "crv": "secp256k1"}]), "key-not-p256", 0),
    ]
    return [
        {"number": 1000 + place, "says": says, "document": document, "seen": seen, "refused": refused}
        for place, (says, document, refused, seen) in enumerate(cases, 1)
    ]


def _signed_by(key: SigningKey, claims: Mapping[str, Any], kid: str = "", *, typ: str = "btk+jwt") -> Vector:
    header = header_of(key, typ=typ, **({"kid": kid} if kid else {}))
    return {**write_key_list(key_list()), "root_list": forge(dict(claims), header=header, key=key)}


def _bent(token: str) -> str:
    header, payload, signature = token.split(".")
    return f"{header}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def bundle_of(keys: KeyList, key: SigningKey = KEY, *, at: Any = AT, **further: Any) -> str:
    """Sign a bundle without status lists of its own, the same on every run."""
    claims = {"iss": ISSUER, "iat": int(at.timestamp()), "keys": write_key_list(keys), "lists": [], **further}
    return forge(claims, header=header_of(key, typ=BUNDLE.typ), key=key)


def bundles() -> list[Vector]:
    """Return bundles, what was held before, whether the root is known, and whether each is taken."""
    both = rooted(root_list(KEY, OTHER_KEY, number=4))
    stolen = rooted(root_list(OTHER_KEY, number=5, withdrawn=frozenset({KEY.kid})))
    told = frozenset({KEY.kid})
    retired = rooted(replace(root_list(number=4), keys=_named(replace(KEY.public, retired_at=AT))))
    plain, first = bundle_of(key_list()), bundle_of(ROOTED)
    new = bundle_of(rooted(root_list(OTHER_KEY, number=4)), OTHER_KEY)
    by_bundle = bundle_of(rooted(root_list(KEY, OTHER_KEY, number=4), withdrawn=told), OTHER_KEY)
    cases: list[tuple[str, str, str | None, bool, str]] = [
        ("the first one, no root", plain, None, False, ""),
        ("the first one with its root", first, None, True, ""),
        ("the first one, its root not known here", first, None, False, ""),
        ("no list of the root's where one is known", plain, None, True, "key-list-without-root"),
        ("no list of the root's after one had it", plain, first, True, "key-list-without-root"),
        ("the same with no root known", plain, first, False, "key-list-older"),
        ("signed by a key that is not on the list", bundle_of(ROOTED, OTHER_KEY), first, True, "bundle-not-signed"),
        ("signed by a key that the root withdrew", bundle_of(stolen), first, True, "bundle-not-signed"),
        (
            "signed by the key that it withdraws itself",
            bundle_of(replace(both, withdrawn=told)),
            first,
            True,
            "bundle-not-signed",
        ),
        ("a key withdrawn by another key", by_bundle, first, True, ""),
        ("signed by a key that was withdrawn before", bundle_of(both), by_bundle, True, "bundle-not-signed"),
        ("a new key by the root's word", new, first, True, ""),
        ("a new key by nobody's word", bundle_of(key_list(OTHER_KEY), OTHER_KEY), plain, False, "bundle-not-signed"),
        ("an hour older", bundle_of(ROOTED, at=AT - HOUR), first, True, "bundle-older"),
        ("newer with an older list of the root's", bundle_of(ROOTED, at=AT + HOUR), new, True, "key-list-older"),
        ("the same again", first, first, True, ""),
        ("signed by a key that was retired before", bundle_of(retired), first, True, "bundle-not-signed"),
    ]
    told_of = [
        {"number": 1100 + place, "says": says, "text": text, "held": held, "root": root, "refused": refused}
        for place, (says, text, held, root, refused) in enumerate(cases, 1)
    ]
    return [*told_of, *_foreign_bundles(1101 + len(cases))]


def _foreign_bundles(first: int) -> list[Vector]:
    """Return bundles with lists of other issuers, and of which issuers lists are held then."""
    good, stranger = forge_list(status_list(), NEIGHBOUR_KEY), forge_list(status_list(), KEY)
    older = forge_list(status_list(at=AT - 5 * HOUR), NEIGHBOUR_KEY)
    held = bundle_of(ROOTED, foreign={NEIGHBOUR: [good]})

    cases: list[tuple[str, Any, str | None, str, list[str]]] = [
        ("with a list of a trusted issuer's", {NEIGHBOUR: [good]}, None, "", [NEIGHBOUR]),
        ("with a list of an issuer that nobody trusts", {STRANGER: [good]}, None, "", []),
        ("with a trusted issuer's list that another key signed", {NEIGHBOUR: [stranger]}, None, "", []),
        ("with a trusted issuer's list that is none", {NEIGHBOUR: ["x", good]}, None, "", [NEIGHBOUR]),
        ("with a trusted issuer's list older than one seen", {NEIGHBOUR: [older]}, held, "", []),
        ("with lists of other issuers as texts", {NEIGHBOUR: good}, None, "bundle-unreadable", []),
        ("with lists of other issuers as a list", [good], None, "bundle-unreadable", []),
    ]
    return [
        {
            "number": first + place,
            "says": says,
            "text": bundle_of(ROOTED, foreign=foreign),
            "held": before,
            "root": True,
            "refused": refused,
            "foreign": issuers,
        }
        for place, (says, foreign, before, refused, issuers) in enumerate(cases)
    ]
