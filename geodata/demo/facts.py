"""Real names, codes and points around the demo county, and the invented courses, read from `demo/*.json`.

What is real and what is invented is written in `demo/SOURCES.md`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Village:
    """A village committee or urban community of the statistical code list."""

    code: str
    official_name: str

    @property
    def name(self) -> str:
        """The short name, as people say it: 王庄村, 新华街社区."""
        for ending, short in (("城市社区居民委员会", "社区"), ("社区居民委员会", "社区"), ("居民委员会", "社区")):
            if self.official_name.endswith(ending):
                return self.official_name.removesuffix(ending) + short
        stem = self.official_name.removesuffix("村民委员会").removesuffix("村委会").removesuffix("委员会")
        return stem if stem.endswith("村") else f"{stem}村"


@dataclass(frozen=True, slots=True)
class Township:
    """A township-level unit, its seat and its villages."""

    code: str
    name: str
    lon: float
    lat: float
    villages: tuple[Village, ...]

    @property
    def is_urban(self) -> bool:
        """Tell whether it is a subdistrict of the county town."""
        return self.name.endswith("街道")


def read_demo_json(name: str) -> Any:
    """Parse one of the JSON files in `geodata/demo`."""
    return json.loads(demo_text(name))


def demo_text(name: str) -> str:
    """Return the text of one of the files in `geodata/demo`."""
    return resources.files("geodata").joinpath("demo", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def townships() -> tuple[Township, ...]:
    """Return the 20 township-level units in the order of their codes (edition 2023)."""
    return tuple(
        Township(
            code=row["code"],
            name=row["name"],
            lon=row["lon"],
            lat=row["lat"],
            villages=tuple(Village(row["code"] + code, name) for code, name in row["villages"].items()),
        )
        for row in read_demo_json("facts.json")["townships"]
    )
