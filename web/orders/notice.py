"""Say an approved closure in either language on one page, whatever the page itself speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for
from flask_babel import force_locale
from markupsafe import Markup

from web.orders.shown_order import ShownOrder, body_phones
from web.shell.language import LOCALES
from web.site import site

if TYPE_CHECKING:
    from passes.orders.ordering import Order


def public_address(shown: ShownOrder) -> str:
    """Return the whole address of an approved closure's public page, as it is printed and posted."""
    return site().county.settings.public_url.rstrip("/") + url_for("orders.public_order", closure_id=shown.closure_id)


def said_in(shown: ShownOrder, tongue: str, *, page: str = "orders/notice.html", order: Order | None = None) -> Markup:
    """Return a template about an approved closure in a language: the public notice unless another is named."""
    comma = "、" if tongue == "zh" else ", "
    with force_locale(LOCALES[tongue]):
        said = render_template(
            page,
            shown=shown,
            order=order,
            tongue=tongue,
            comma=comma,
            phones=body_phones(shown.part),
            address=public_address(shown),
        )
    return Markup(said)  # noqa: S704 - a template of ours, which escapes what it is given
