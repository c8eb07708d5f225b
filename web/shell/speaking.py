"""What templates say: instants on the county's clock, findings as sentences, scripts by their built names."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from flask import Flask, request, url_for
from markupsafe import Markup

from geodata.findings import Finding
from geodata.windows import format_instant
from web.messages import finding_wording
from web.pass_text import shown_finding
from web.shell.access import person_here
from web.shell.form_errors import leaves
from web.shell.navigation import bar_of_person
from web.site import site
from web.static_files import built_address

_OTHER: Final = {"zh": "en", "en": "zh"}


def script(name: str) -> Markup:
    """Return the tag of a room's script, nothing where the package was built without scripts."""
    address = built_address(f"{name}.js")
    return Markup('<script type="module" src="{}"></script>').format(address) if address else Markup("")


def built_style(name: str) -> Markup:
    """Return the tag of a style that the build made, nothing without a build."""
    address = built_address(f"{name}.css")
    return Markup('<link rel="stylesheet" href="{}">').format(address) if address else Markup("")


def local(instant: datetime, style: str = "%m-%d %H:%M") -> Markup:
    """Return an instant as `<time>` on the county's clock."""
    zone = site().county.settings.timezone
    shown = instant
    with suppress(OverflowError):  # the very end of all time
        shown = instant.astimezone(zone)
    return Markup('<time datetime="{}" data-zone="{}">{}</time>').format(
        format_instant(instant), zone.key, shown.strftime(style)
    )


def _facts(finding: Finding) -> dict[str, object]:
    return {**site().county.settings.policy.words, **shown_finding(site().session(), finding).facts}


def finding_text(finding: Finding) -> str:
    """Return a finding as a sentence."""
    return finding_wording(finding.code).text(site().lang, _facts(finding))


def finding_remedy(finding: Finding) -> str:
    """Return what cures a finding, "" where nothing is said."""
    return finding_wording(finding.code).remedy_at_form(site().lang, _facts(finding))


def unit_name(unit: str) -> str:
    """Return the name of an account's unit: an authority or a place by its id, else as it is."""
    county = site().county
    authority = county.settings.policy.authorities.get(unit)
    if authority is not None:
        return authority.name
    place = county.places.by_id.get(unit)
    return unit if place is None else place.name


def wrong_fields(form: Iterable[Any]) -> list[Any]:
    """Return the fields of a form, and of the forms within it, that something is wrong with."""
    return [one for one in leaves(form) if one.errors]


def other_language_address() -> str:
    """Return this page's address in the other language; a page that was sent as a form is left for the first one."""
    if request.method != "GET" or request.endpoint is None:
        return url_for("shell.home", lang=_OTHER[site().lang])
    named = {**request.args.to_dict(), **(request.view_args or {}), "lang": _OTHER[site().lang]}
    return url_for(request.endpoint, **named)


def _context() -> dict[str, Any]:
    settings = site().county.settings
    return {
        "county": settings,
        "lang": site().lang,
        "words": settings.policy.words,
        "person": person_here(),
        "navigation": bar_of_person,
    }


def teach(app: Flask) -> None:
    """Give templates their words."""
    app.jinja_env.filters.update(local=local, unit_name=unit_name, wrong_fields=wrong_fields)
    app.jinja_env.globals.update(
        script=script,
        built_style=built_style,
        finding_text=finding_text,
        finding_remedy=finding_remedy,
        other_language_address=other_language_address,
    )
    app.context_processor(_context)
