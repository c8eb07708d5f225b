"""What the whole world may fetch: the public keys, and every status list as it is at this moment.

A status list is signed when it is asked for, from the register: what was withdrawn is on it at once. Between two
changes the same signature is given for half a minute, so a crowd costs nothing and no copy is older than a minute.
"""

from __future__ import annotations

import hashlib
from typing import Final

from flask import abort, jsonify, make_response, request
from werkzeug.wrappers import Response

from passes.editions.status_register import list_uri, list_uris, read_list
from passes.keyring.key_register import public_key_list
from passes.verifying.key_list import write_key_list
from passes.verifying.status_list import sign_status_list
from web.checkpoint.judging import county_rules
from web.keys.blueprint import pages
from web.shell.access import allow_all
from web.signed_once import signed_once
from web.signing_key import ready_keys, signing_key
from web.site import reading, site

#: A copy may be so old: with the half minute that a signature is given again, nobody's is older than a minute.
KEPT_S: Final = 30


@pages.get("/status/<int:number>")
@allow_all
def status_list(number: int) -> Response:
    """Give one signed status list (IETF Token Status List)."""
    at = site().now()
    ready_keys(at)
    with reading() as connection:
        if number < 1 or list_uri(number) not in list_uris(connection):
            abort(404)
        found = read_list(connection, list_uri(number), at=at)

        def sign() -> str:
            return sign_status_list(found, signing_key(connection, at))

        token = signed_once(found.uri, found.packed, at=at, sign=sign)
    response = make_response(token)
    response.content_type = "application/statuslist+jwt"
    return _public(response, token)


def _public(response: Response, content: str) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(hashlib.sha256(content.encode()).hexdigest()[:32])
    return response.make_conditional(request)


@pages.get("/.well-known/jwks.json")
@allow_all
def key_list() -> Response:
    """Give the public keys as a JWK set, with what the root has signed and what other issuers are trusted."""
    at = site().now()
    ready_keys(at)
    with reading() as connection:
        issuer = site().county.settings.area_code
        document = write_key_list(public_key_list(connection, issuer=issuer, at=at, rules=county_rules()))
    response = jsonify(document)
    response.content_type = "application/jwk-set+json"
    return _public(response, response.get_data(as_text=True))
