"""Every table of every floor, gathered in one `METADATA`: what the migrations must build."""

from __future__ import annotations

from geodata.store import METADATA

__all__ = ["METADATA"]
