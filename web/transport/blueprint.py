"""The transport department's pages, gathered; every file of the room adds to them."""

from __future__ import annotations

from flask import Blueprint

from web.pass_pages import TEMPLATE_GLOBALS

pages = Blueprint("transport", __name__, url_prefix="/transport")

for _name, _given in TEMPLATE_GLOBALS.items():
    pages.add_app_template_global(_given, _name)
