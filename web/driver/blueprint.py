"""The driver room's blueprint, to which its files add their views."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

pages: Final = Blueprint("driver", __name__)
