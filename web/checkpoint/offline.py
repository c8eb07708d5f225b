"""What the checkpoint's phone takes along to judge without a network: bundle, today's trucks, words and page."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import abort, jsonify, make_response, request, send_from_directory, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from geodata.places import PlaceKind
from passes.checkpoint.ahead_register import void_ahead
from passes.checkpoint.expected_list import MOST_TRUCKS, pack_trucks, sign_expected_list
from passes.checkpoint.expected_register import list_trucks
from passes.checkpoint.refusal_sounds import phone_reasons
from passes.checkpoint.sealing import sealing_key
from passes.editions.status_register import list_uris, read_list
from passes.keyring.foreign_lists_register import carried_lists, foreign_lists
from passes.keyring.key_register import public_key_list
from passes.keyring.root_register import find_root, successions
from passes.reissue.status_news_register import last_pass_event
from passes.verifying.bundle import sign_bundle
from web.checkpoint.blueprint import pages
from web.checkpoint.judging import county_rules
from web.checkpoint.post import VOID_REMEMBERED, checkpoint_here, checkpoints, roads_of
from web.shell.access import allow, allow_all, who
from web.shell.gate import SIGN_IN_COOKIE
from web.signed_once import signed_once
from web.signing_key import ready_keys, signing_key
from web.site import reading, site
from web.static_files import BUILT
from web.wording.verdicts import FINDINGS, SIGNS, STEPS, USUAL_TERMS, WORDS_EN

if TYPE_CHECKING:
    from passes.checkpoint.ahead_register import ComingVoid

#: What has not changed is signed anew only so often; its age is what a verdict tells.
_SAME_FOR_S: Final = 300
#: Trucks may be late; who comes within a day is on the list.
_BEFORE: Final = timedelta(hours=4)
_AHEAD: Final = timedelta(hours=24)
_JWT: Final = "application/jwt"


def _answer(name: str, content: bytes, at: datetime, sign: Callable[[], str]) -> Response:
    """Return a signed document, or 304 where the client holds this content and a signature that is not old.

    The time that is part of the tag is part of what is signed once: no process gives an older copy under a newer tag.
    """
    age = int(at.timestamp()) // _SAME_FOR_S
    tag = hashlib.sha256(content + str(age).encode()).hexdigest()[:32]
    held = request.if_none_match.contains(tag)
    response = make_response("" if held else signed_once(name, tag.encode(), at=at, sign=sign))
    response.content_type = _JWT
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(tag)
    return response.make_conditional(request)


@pages.get("/bundle")
@allow_all
def bundle() -> Response:
    """Give the public keys with the policy's rules, and every status list, as one signed document."""
    at, settings = site().now(), site().county.settings
    ready_keys(at)
    with reading() as connection:
        keys = public_key_list(connection, issuer=settings.area_code, at=at, rules=county_rules())
        lists = [read_list(connection, uri, at=at) for uri in list_uris(connection)]
        foreign = carried_lists(foreign_lists(connection, keys.others))
        others = [(name, sorted(one.keys), sorted(one.withdrawn)) for name, one in sorted(keys.others.items())]
        said = (sorted(keys.keys), sorted(keys.withdrawn), keys.rules, keys.number, dict(foreign), others)
        content = repr(said).encode()
        content += b"".join(one.uri.encode() + hashlib.sha256(one.packed).digest() for one in lists)

        def sign() -> str:
            return sign_bundle(keys, lists, signing_key(connection, at), at=at, foreign=foreign)

        return _answer("bundle", content, at, sign)


@pages.get("/expected")
@allow("C")
def expected() -> Response:
    """Give the signed list of the trucks that this checkpoint expects."""
    here = checkpoint_here()
    if here is None:
        abort(404)
    at, issuer = site().now(), site().county.settings.area_code
    ready_keys(at)
    with reading() as connection:
        trucks = list_trucks(connection, roads_of(here), from_at=at - _BEFORE, to_at=at + _AHEAD, most=MOST_TRUCKS)
        packed = pack_trucks(trucks)

        def sign() -> str:
            key = signing_key(connection, at)
            return sign_expected_list(packed, key, issuer=issuer, checkpoint=here.id, at=at, to_at=at + _AHEAD)

        answer = _answer(f"expected {here.id}", here.id.encode() + packed, at, sign)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/offline.json")
@allow("C")
def offline() -> Response:
    """Give the rest of what the phone needs: the time, its place, and the words of reasons and steps."""
    here, lang, at = checkpoint_here(), site().lang, site().now()
    if here is None:
        abort(404)
    with reading() as connection:
        root, succession = find_root(connection), successions(connection)
        last = last_pass_event(connection)
        coming = void_ahead(connection, roads_of(here), checkpoint=here.id, since=at - VOID_REMEMBERED)
    return jsonify(
        {
            "now": at.timestamp(),
            "csrf": generate_csrf(),
            "officer": who().name,
            "lang": lang,
            "place": {"id": here.id, "name": here.name, "position": [here.lon, here.lat]},
            "words": _words(lang),
            "places": _place_names(),
            "root": None if root is None else root.to_jwk(),
            "succession": list(succession),
            "issuer": site().county.settings.area_code,
            "coming": [_coming(one) for one in coming],
            "news": last,
            "sign_in": _sign_in_mark(),
            "sealing": sealing_key(site().secret("unsent outcomes"), here.id),
        }
    )


def _sign_in_mark() -> str:
    """Return what tells one sign-in from another, and nothing else of it."""
    secret = request.cookies.get(SIGN_IN_COOKIE, "").encode()
    return hmac.digest(site().secret("sign-in mark"), secret, hashlib.sha256).hex()[:16]


def _coming(one: ComingVoid) -> dict[str, Any]:
    """Return a truck with a void pass that another checkpoint has let pass: its plate, where, when, from when."""
    names = {post.id: post.name for post in checkpoints()}
    return {
        "plate": one.scan.plate,
        "number": one.scan.number,
        "checkpoint": names.get(one.scan.checkpoint, one.scan.checkpoint),
        "at": one.scan.at.timestamp(),
        "from": one.from_at.timestamp(),
    }


def _words(lang: str) -> dict[str, Any]:
    """Return the sentences of reasons and steps, and the words of verdicts, in one language."""
    texts = {code: one.zh if lang == "zh" else one.en for code, one in FINDINGS.items()}
    steps = {code: one.zh if lang == "zh" else one.en for code, one in STEPS.items()}
    rules = county_rules()
    return {
        "reasons": texts,
        "steps": steps,
        "signs": SIGNS,
        "verdicts": dict(zip(SIGNS, rules.words, strict=True)) if lang == "zh" else WORDS_EN,
        "terms": {**USUAL_TERMS[lang], **(rules.terms if lang == "zh" else {})},
        "county_rule": _("county rule"),
        "drill": _("Drill pass, not valid"),
    }


def _place_names() -> dict[str, str]:
    """Return the names of places that a pass may lead to or from; villages are too many to take along."""
    return {one.id: one.name for one in site().county.places.by_id.values() if one.kind != PlaceKind.VILLAGE}


@pages.get("/reasons.json")
@allow("C")
def reasons() -> Response:
    """Give the reasons that nobody may give (L6), with their sounds: who writes one is told at once, also offline."""
    response = jsonify(phone_reasons(site().county.settings.policy))
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@pages.get("/worker.js")
@allow_all
def worker() -> Response:
    """Give the service worker: its address decides what it may answer for, so it lies among the checkpoint's pages."""
    if not (BUILT / "checkpoint-worker.js").is_file():
        abort(404)
    response = send_from_directory(BUILT, "checkpoint-worker.js", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/app.webmanifest")
@allow_all
def manifest() -> Response:
    """Say how the checkpoint's page is put on a phone's home screen: the phone then keeps its lists."""
    sign = {"src": url_for("static", filename="sign.svg"), "sizes": "any", "type": "image/svg+xml"}
    response = jsonify(
        {
            "id": url_for("checkpoint.start"),
            "name": f"{site().county.settings.name} · {_('Checkpoint')}",
            "short_name": _("Checkpoint"),
            "start_url": url_for("checkpoint.start"),
            "scope": url_for("checkpoint.start"),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#1f3a4d",
            "icons": [sign],
        }
    )
    response.content_type = "application/manifest+json"
    return response
