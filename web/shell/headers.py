"""Headers of every answer: everything comes from this server, nothing is inline, no page is framed."""

from __future__ import annotations

from typing import Final

from flask import Response, request

from web.site import site

#: Styles, scripts and the map's worker are files; pictures may be drawn in the page (QR as data, photo before sending).
CONTENT_POLICY: Final = (
    "default-src 'none'; img-src 'self' data: blob:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "worker-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cache-Control": "no-store",
}
_ONE_YEAR_S: Final = 31_536_000


def secure(response: Response) -> Response:
    """Add the headers; what a view has set itself stays."""
    if request.endpoint == "static":
        response.headers.setdefault("Cache-Control", "no-cache")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if site().secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_ONE_YEAR_S}")
    return response
