"""The blueprint of the signing keys' pages."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

pages: Final = Blueprint("keys", __name__)
