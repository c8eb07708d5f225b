"""The pages of headquarters, gathered; every file of the room adds to them."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

pages: Final = Blueprint("headquarters", __name__, url_prefix="/headquarters")
