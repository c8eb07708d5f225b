"""The checkpoint's pages, gathered; every file of the room adds to them."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("checkpoint", __name__, url_prefix="/checkpoint")
