"""Print a comparison as a table in Chinese or English, ready to be pasted into a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

_LABELS: Final = {
    "preprocess": ("预处理", "preprocess"),
    "restart": ("重新启动", "restart"),
    "query": ("查一条路线", "route with its roads"),
    "close": ("关闭 {roads} 条路后第一条路线", "close roads ({roads}) -> first route"),
    "close-way": (
        "关闭所求路线上的 {roads} 条路后第一条路线",
        "close roads on the route itself ({roads}) -> first route",
    ),
    "close-area": ("关闭一片区域（{roads} 条路）后第一条路线", "close an area ({roads}) -> first route"),
    "reopen": ("恢复 {roads} 条路后第一条路线", "reopen them ({roads}) -> first route"),
    "reopen-way": ("恢复路线上的 {roads} 条路后第一条路线", "reopen roads on the route ({roads}) -> first route"),
    "reopen-area": ("恢复该区域后第一条路线", "reopen the area -> first route"),
    "what-if": ("推演：快照、关闭 10 条路、一条路线", "what-if: snapshot, 10 roads closed, route"),
    "matrix": ("时间矩阵", "matrix"),
    "memory": ("内存", "memory"),
    "wrong": ("错误答案", "wrong answers"),
}

#: How a checkout gets every router to compare with: OSRM and Valhalla have packages for Python 3.12 and later only.
_INSTALLING: Final = "uv run --python 3.12 --group bench baotong bench"


def _label(row: Mapping[str, Any], lang: str) -> str:
    measure = str(row["measure"])
    pair = _LABELS.get(measure) or _LABELS.get(measure.rpartition("-")[0]) or _LABELS[measure.partition("-")[0]]
    return pair[lang == "en"].format(roads=row["roads"])


def _time(milliseconds: float) -> str:
    """Return a duration with three figures that count."""
    for unit, size in (("s", 1000.0), ("ms", 1.0)):
        if milliseconds >= size:
            value = milliseconds / size
            return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return f"{milliseconds * 1000:.3g} µs"


def _cell(result: Mapping[str, Any], *, own: bool) -> str:
    if "megabytes" in result:
        value = None if result["megabytes"] is None else f"{result['megabytes']:.3g} MB"
    else:
        value = None if result["median_ms"] is None else _time(result["median_ms"])
    if value is None:
        return "-"
    ratio = "" if own or result["ratio"] is None else f" ({result['ratio']:.3g}x)"
    return value + ratio


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _lines(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    padded = [
        "| " + " | ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return "\n".join([padded[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *padded[1:]])


def _wrong(router: Mapping[str, Any]) -> str:
    share = f"{router['wrong']} / {router['judged']}"
    return f"{share} ({router['wrong_share']:.1%})" if router["wrong"] else share


def _notes(payload: Mapping[str, Any], lang: str) -> list[str]:
    fewest = min(one["runs"] for row in payload["measures"][:-1] for one in row["results"] if one["runs"])
    notes = [
        f"中位数；括号内为与本系统同一轮之比；每项 {payload['repeats']} 轮，慢的较少（最少 {fewest} 轮）"
        if lang == "zh"
        else f"Medians; in brackets the ratio to ours within a run; {payload['repeats']} runs each, "
        f"fewer for slow ones (fewest {fewest})"
    ]
    for router in payload["routers"]:
        if not router["installed"]:
            lacks = router["lacks"]
            notes.append(
                f"{router['router']}：未安装（{lacks}）"
                if lang == "zh"
                else f"{router['router']}: not installed ({lacks})"
            )
        elif router["fault"]:
            said = "出错" if lang == "zh" else "failed"
            notes.append(f"{router['router']}: {said}: {router['fault']}")
    if not all(router["installed"] for router in payload["routers"]):
        said = "安装全部对比程序" if lang == "zh" else "With every router to compare with"
        notes.append(f"{said}: {_INSTALLING}")
    return notes


def progress_text(step: str, lang: str) -> str:
    """Return what is going on, for stderr."""
    said = {
        "warm-up": ("预热", "warming up"),
        "questions": ("抽取提问并求标准答案", "drawing questions and their true answers"),
    }
    pair = said.get(step) or (f"测量 {step}", f"measuring {step}")
    return f"{pair[lang == 'en']} ..."


def table_text(payload: Mapping[str, Any], lang: str) -> str:
    """Return a comparison's answer as a title, a table and notes."""
    roads = payload["network"]
    title = (
        f"{roads['junctions']} 个路口，{roads['roads']} 条路，{payload['queries']} 条提问"
        if lang == "zh"
        else f"{roads['junctions']} junctions, {roads['roads']} roads, {payload['queries']} questions"
    )
    compared = [one for one in payload["routers"] if one["installed"]]
    head = ["", *(f"{one['router']} {one['version']}".strip() for one in compared)]
    rows = [
        [_label(row, lang), *(_cell(one, own=number == 0) for number, one in enumerate(row["results"]))]
        for row in payload["measures"]
    ]
    wrong = [_LABELS["wrong"][lang == "en"], *(_wrong(one) for one in compared)]
    return "\n".join([title, "", _lines([head, *rows, wrong]), "", *_notes(payload, lang)])
