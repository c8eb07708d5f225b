"""The columns of a file of applications: what each may be called, and which member of an application it fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from passes.whitelist.firms import header_key

TEXT: Final = "text"
NUMBER: Final = "number"
FLAG: Final = "flag"
TIME: Final = "time"
WORD: Final = "word"
#: Several texts in one cell, parted by semicolons.
LIST: Final = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    key
        Its English title, and its name in errors.
    path
        The member that it fills, such as "vehicle.plate" or "crew[0].name".
    kind
        How a cell is read.
    titles
        What else it may be called; the first is the Chinese title.
    """

    key: str
    path: str
    kind: str
    titles: tuple[str, ...]


_TRIP: Final = (
    Column("plate", "vehicle.plate", TEXT, ("车牌号", "车牌", "车牌号码", "号牌号码")),
    Column("link", "vehicle.link", WORD, ("车辆关系", "车辆性质", "车辆归属")),
    Column("guaranteed", "vehicle.guaranteed", FLAG, ("企业担保", "担保")),
    Column("gross_weight_t", "vehicle.gross_weight_t", NUMBER, ("总质量(吨)", "总质量", "总重(吨)")),
    Column("axles", "vehicle.axles", NUMBER, ("轴数",)),
    Column("height_m", "vehicle.height_m", NUMBER, ("车高(米)", "车高")),
    Column("width_m", "vehicle.width_m", NUMBER, ("车宽(米)", "车宽")),
    Column("length_m", "vehicle.length_m", NUMBER, ("车长(米)", "车长")),
    Column("hazardous_goods", "vehicle.hazardous_goods", TEXT, ("危险货物类别", "危险货物")),
    Column("goods", "goods", TEXT, ("货物", "货物名称", "货物种类")),
    Column("origin", "origin", TEXT, ("出发地", "起点")),
    Column("destination", "destination", TEXT, ("目的地", "终点")),
    Column("via", "via", LIST, ("途中停靠", "停靠点")),
    Column("entry_point", "entry_point", TEXT, ("入县口",)),
    Column("depart_at", "depart_at", TIME, ("出发时间", "计划出发时间")),
    Column("round_trip", "round_trip", FLAG, ("往返", "是否往返")),
    Column("prereported_at", "prereported_at", TIME, ("提前报备时间", "报备时间")),
)
_PERSON: Final = (
    ("name", TEXT, ("姓名",)),
    ("id_number", TEXT, ("身份证号", "证件号码", "身份证号码")),
    ("phone", TEXT, ("电话", "手机", "手机号")),
    ("sampled_at", TIME, ("采样时间",)),
    ("result", WORD, ("检测结果", "结果")),
    ("proof", WORD, ("证明方式", "证明")),
)
#: Who may be in one row, in order: the key of the columns, their Chinese names, and the part on board.
CREW: Final = (
    ("driver", ("驾驶员", "司机"), "driver"),
    ("rider", ("随车人员", "随车人员1", "押运员"), "rider"),
    ("rider2", ("随车人员2",), "rider"),
)
#: Words of a closed list, in both languages, and what each is kept as.
WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "link": {
            **dict.fromkeys(("own", "自有", "自有车辆"), "own"),
            **dict.fromkeys(("contracted", "固定外协", "外协"), "contracted"),
            **dict.fromkeys(("one_off", "one-off", "临时", "临时车辆"), "one_off"),
        },
        "result": {
            **dict.fromkeys(("negative", "阴性", "合格"), "negative"),
            **dict.fromkeys(("pending", "待出结果", "未出结果", "结果未出"), "pending"),
            **dict.fromkeys(("positive", "阳性", "不合格"), "positive"),
        },
        "proof": {
            **dict.fromkeys(("declared", "本人申报", "申报"), "declared"),
            **dict.fromkeys(("seen", "已看证明", "已查看"), "seen"),
            **dict.fromkeys(("imported", "系统导入", "导入"), "imported"),
        },
    }
)
FLAGS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        **dict.fromkeys(("yes", "true", "y", "1", "是", "有"), True),
        **dict.fromkeys(("no", "false", "n", "0", "否", "无"), False),
    }
)


def words_to_type(choices: Mapping[str, str | bool]) -> dict[str, list[str]]:
    """Return the words of a closed list by language, one a meaning; and beside each language all others that are taken.

    So a fault names first what its reader is to type.
    """
    told: dict[str, list[str]] = {}
    for lang, is_english in (("zh", False), ("en", True)):
        named = {kept: word for word, kept in reversed(list(choices.items())) if word.isascii() == is_english}
        told[f"words_{lang}"] = [named[kept] for kept in dict.fromkeys(choices.values())]
        others = [word for word in choices if word not in told[f"words_{lang}"]]
        told[f"also_{lang}"] = sorted(others, key=lambda word: word.isascii() != is_english)
    return told


def _crew_columns() -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{who}_{key}",
            f"crew[{index}].{key}",
            kind,
            tuple(name + title for name in names for title in titles),
        )
        for index, (who, names, _) in enumerate(CREW)
        for key, kind, titles in _PERSON
    )


COLUMNS: Final = (*_TRIP, *_crew_columns())
_COLUMN_OF: Final = {header_key(title): column for column in COLUMNS for title in (column.key, *column.titles)}


def column_titled(title: str) -> Column | None:
    """Return the column that a header stands for, None where none does."""
    return _COLUMN_OF.get(header_key(title))
