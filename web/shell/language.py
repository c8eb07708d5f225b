"""Chinese and English: which one a request speaks, and every room's catalogue of words."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Flask, Response, has_request_context, request
from flask_babel import Babel

from web.site import LANG_COOKIE, LANGS, site

#: What gettext calls the languages; `zh_CN` would be silently ignored.
LOCALES: Final = {"zh": "zh_Hans_CN", "en": "en"}
TRANSLATIONS: Final = Path(__file__).parents[1] / "translations"
_ONE_YEAR_S: Final = 31_536_000


def catalogues() -> list[str]:
    """Return the names of the catalogues of words, one a room."""
    folder = TRANSLATIONS / LOCALES["zh"] / "LC_MESSAGES"
    return sorted(path.stem for path in folder.glob("*.po"))


def _locale() -> str:
    return LOCALES[site().lang if has_request_context() else "zh"]


def _zone() -> str:
    return site().county.settings.timezone.key


def speak(app: Flask) -> None:
    """Give an application its languages."""
    names = catalogues()
    Babel(
        app,
        default_locale=LOCALES["zh"],
        default_domain=";".join(names),
        default_translation_directories=";".join([str(TRANSLATIONS)] * len(names)),
        locale_selector=_locale,
        timezone_selector=_zone,
    )
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    """Keep the language that was asked for."""
    asked = request.args.get("lang")
    if asked in LANGS:
        response.set_cookie(
            LANG_COOKIE, asked, max_age=_ONE_YEAR_S, samesite="Lax", httponly=True, secure=site().secure
        )
    return response
