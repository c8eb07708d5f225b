"""Sentences about the map's tiles."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "tile-unknown": Wording(
        zh="没有这块地图",
        en="There is no such piece of the map",
        remedy_zh="缩放级别须在 0 至 {finest} 之间；请重新打开页面",
        remedy_en="Zoom levels run from 0 to {finest}; open the page again",
    ),
}
