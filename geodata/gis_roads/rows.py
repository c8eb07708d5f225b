"""Read what each row of a road file says of its road: class, number, directions, limits, bridge and level."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from geodata.errors import BadInputError
from geodata.gis_file import GisLayer, cell_text
from geodata.gis_roads.columns import ColumnMap, plain
from geodata.hazardous_goods import ALL_GOODS, GOODS_BIT
from geodata.network import ACCESS_BIT, BRIDGE, TUNNEL
from geodata.osm.access import EVERYBODY
from geodata.osm.import_tally import ImportTally
from geodata.osm.limits import Limits
from geodata.osm.measures import NO_LIMIT, read_extent_m, read_speed_kmh, read_weight_kg
from geodata.osm.road_refs import CHINA, CLASS_OF_HIGHWAY, read_ref
from geodata.osm.tags import LONGEST_NAME, LONGEST_WORD, WayReading
from geodata.road_classes import RoadClass

BOTH: Final = (True, True)
_WAYS: Final[Mapping[str, tuple[bool, bool]]] = MappingProxyType(
    {
        **dict.fromkeys(("", "both", "b", "no", "n", "false", "0", "0.0", "双向", "否", "双向通行"), BOTH),
        **dict.fromkeys(("forward", "f", "ft", "yes", "y", "true", "1", "单向", "正向", "顺向", "是"), (True, False)),
        **dict.fromkeys(("backward", "t", "tf", "-1", "reverse", "反向", "逆向"), (False, True)),
        **dict.fromkeys(("neither", "closed", "禁行"), (False, False)),
    }
)
_FLAGS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        **dict.fromkeys(("", "no", "n", "f", "false", "0", "否", "无"), False),
        **dict.fromkeys(("yes", "y", "t", "true", "1", "viaduct", "是", "有", "桥梁", "桥", "隧道"), True),
    }
)
_CLASSES: Final[Mapping[str, RoadClass]] = MappingProxyType(
    {
        **{one.value: one for one in RoadClass},
        **CLASS_OF_HIGHWAY,
        **dict.fromkeys(("高速公路", "高速"), RoadClass.EXPRESSWAY),
        **dict.fromkeys(("国道", "g"), RoadClass.NATIONAL),
        **dict.fromkeys(("省道", "s"), RoadClass.PROVINCIAL),
        **dict.fromkeys(("县道", "x"), RoadClass.COUNTY),
        **dict.fromkeys(("乡道", "y"), RoadClass.TOWNSHIP),
        **dict.fromkeys(("村道", "c"), RoadClass.VILLAGE),
        **dict.fromkeys(("城市道路", "街道", "小区道路"), RoadClass.STREET),
        **dict.fromkeys(("机耕路", "田间道路"), RoadClass.TRACK),
    }
)
#: What a road is taken for of which the file says neither class nor number.
ASSUMED: Final = RoadClass.VILLAGE
#: Names of the limits in `Limits`, the keys that may hold them, the reader, and what a plain number is multiplied by.
_LIMITS: Final = (
    ("weight_kg", "max_weight_t", read_weight_kg),
    ("axle_load_kg", "max_axle_load_t", read_weight_kg),
    ("height_m", "max_height_m", read_extent_m),
    ("width_m", "max_width_m", read_extent_m),
    ("length_m", "max_length_m", read_extent_m),
)
_IN_KG: Final = {"max_weight_t": "max_weight_kg", "max_axle_load_t": "max_axle_load_kg"}
#: Words for a road closed to all hazardous goods (`hazmat=no`), and for one open to them.
_ALL_REFUSED: Final = ("no", "禁", "禁行", "是")
_NONE_REFUSED: Final = ("", "yes", "designated", "permissive", "destination", "否", "无")
_TEXTS_WITHOUT_LIMIT: Final = ("", "0", "inf", "无", "不限")


@dataclass(frozen=True, slots=True)
class RoadRow:
    """One row: its id in the file ("" where it has none), and what it says."""

    id: str
    reading: WayReading


class RowReader:
    """Reads rows of one layer; faults are kept, what was assumed or left out is counted.

    Parameters
    ----------
    layer
        The file's layer.
    columns
        Its titles by key.
    mapping
        Its words.
    country
        Chinese road numbers are read for "CN" only.
    tally
        Takes what was assumed.
    """

    def __init__(
        self, layer: GisLayer, columns: Mapping[str, str], mapping: ColumnMap, *, country: str, tally: ImportTally
    ) -> None:
        self.layer, self.columns, self.mapping = layer, columns, mapping
        self.country, self.tally = country, tally
        self.faults: list[BadInputError] = []
        self._words = {key: {plain(one): ours for one, ours in table.items()} for key, table in mapping.values.items()}

    def text(self, key: str, row: int) -> str:
        """Return the text of a cell, row 1 being the first; "" where the file has no such column."""
        title = self.columns.get(key)
        return "" if title is None else cell_text(self.layer.columns[title][row - 1])

    def _word(self, key: str, row: int) -> str:
        """Return a word as ours: by the mapping where it knows it."""
        word = plain(self.text(key, row))
        return plain(self._words.get(key, {}).get(word, word))

    def _fault(self, code: str, key: str, row: int, **facts: object) -> None:
        title = self.columns.get(key, key)
        place = self.layer.place(row, title)
        facts = {"row": row, "column": title, "layer": self.layer.layer, "key": key, **facts}
        self.faults.append(BadInputError(code, place, **facts))

    def _one_of(self, key: str, row: int, table: Mapping[str, object], code: str) -> object:
        word = self._word(key, row)
        if word not in table:
            self._fault(code, key, row, value=self.text(key, row)[:40], choices=[one for one in table if one])
            return table[""]
        return table[word]

    def read(self, row: int) -> RoadRow:
        """Read one row."""
        access = self._access(row)
        structure = sum(bit for key, bit in (("bridge", BRIDGE), ("tunnel", TUNNEL)) if self._flag(key, row))
        reading = WayReading(
            road_class=self._class(row),
            name=self.text("name", row)[:LONGEST_NAME],
            ref=self.text("ref", row)[:LONGEST_WORD],
            speed_kmh=self._speeds(row),
            access=access,
            limits=self._limits(row),
            structure=structure,
            layer=self._level(row),
            surface=self.text("surface", row)[:LONGEST_WORD],
            refused_goods=self._refused_goods(row),
        )
        return RoadRow(self.text("id", row)[:LONGEST_WORD], reading)

    def _flag(self, key: str, row: int) -> bool:
        return bool(self._one_of(key, row, _FLAGS, "road-flag-unknown")) if key in self.columns else False

    def _class(self, row: int) -> RoadClass:
        """Return the class that the row says, else that of its number, else the assumed one."""
        word = self._word("class", row)
        if word:
            found = _CLASSES.get(word)
            if found is not None:
                return found
            choices = [one.value for one in RoadClass]
            self._fault("road-class-unknown", "class", row, value=self.text("class", row)[:40], choices=choices)
        if self.country == CHINA:
            for key in ("ref", "name"):
                number = read_ref(self.text(key, row))
                if number.road_class is not None and (key == "ref" or number.is_read):
                    return number.road_class
        self.tally.repair("road-class-assumed", f"row {row}")
        return ASSUMED

    def _ways(self, key: str, row: int) -> tuple[bool, bool]:
        found = self._one_of(key, row, _WAYS, "road-direction-unknown")
        return found if isinstance(found, tuple) else BOTH

    def _access(self, row: int) -> tuple[int, int]:
        """Return who may drive forward and backward: by vehicle where the file tells them apart."""
        if "car" in self.columns or "truck" in self.columns:
            bits = [0, 0]
            for vehicle, bit in ACCESS_BIT.items():
                key = vehicle if vehicle in self.columns else "oneway"
                for side, is_open in enumerate(self._ways(key, row) if key in self.columns else BOTH):
                    bits[side] |= bit if is_open else 0
            return bits[0], bits[1]
        forward, backward = self._ways("oneway", row) if "oneway" in self.columns else BOTH
        return EVERYBODY if forward else 0, EVERYBODY if backward else 0

    def _speeds(self, row: int) -> tuple[float, float]:
        whole = self._figure("speed_kmh", row, read_speed_kmh)
        sides = [self._figure(key, row, read_speed_kmh) or whole for key in ("kmh_forward", "kmh_backward")]
        return sides[0], sides[1]

    def _figure(self, key: str, row: int, read: Callable[[str], float | None]) -> float:
        """Return a speed; 0 where the cell is empty. One that cannot be read is left out and counted."""
        text = self.text(key, row)
        if text in ("", "0"):
            return 0.0
        value = read(text)
        if value is None:
            self.tally.drop("speed-unreadable", f"row {row} {self.columns[key]}={text[:20]}")
        return value or 0.0

    def _limits(self, row: int) -> Limits:
        """Return the limits; one that cannot be read is a fault: it would send a truck over too weak a bridge."""
        found = {}
        for name, key, read in _LIMITS:
            text, used = self.text(key, row), key
            if not text and key in _IN_KG:
                used = _IN_KG[key]
                text = self.text(used, row)
                text = text if text in _TEXTS_WITHOUT_LIMIT else f"{text} kg"
            if text in _TEXTS_WITHOUT_LIMIT:
                continue
            value = read(text)
            if value is None:
                self._fault("road-limit-unreadable", used, row, value=text[:40])
            found[name] = NO_LIMIT if value is None else value
        return Limits(**found)

    def _refused_goods(self, row: int) -> tuple[int, int]:
        """Return the hazardous goods refused forward and backward; what is not understood would let them in."""
        whole = self._goods("refused_goods", row)
        return (
            whole | self._goods("refused_goods_forward", row),
            whole | self._goods("refused_goods_backward", row),
        )

    def _goods(self, key: str, row: int) -> int:
        """Read kinds of goods such as "B;C", or a word for all of them or for none."""
        bits = 0
        for word in re.split(r"[;,、\s]+", self.text(key, row)):
            if word.lower() in _ALL_REFUSED:
                bits |= ALL_GOODS
            elif word in GOODS_BIT:
                bits |= GOODS_BIT[word]
            elif word.lower() not in _NONE_REFUSED:
                choices = ["no", "yes", *GOODS_BIT]
                self._fault("road-goods-unknown", key, row, value=word[:40], choices=choices)
        return bits

    def _level(self, row: int) -> int:
        text = self.text("layer", row)
        try:
            level = int(float(text)) if text else 0
        except ValueError:
            level = 99
        if abs(level) > 20:
            self._fault("road-level-unreadable", "layer", row, value=text[:40])
            return 0
        return level
