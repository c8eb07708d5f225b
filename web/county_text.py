"""Say the report of a county in words: what its roads hold, what was repaired, what was dropped and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from web.session import Session
from web.wording import gis_files
from web.wording.roads import CLASS_NAMES, IMPORT_NOTES
from web.wording.wording import Wording

#: What an import of an OSM or a GIS file mended or left out, by the codes of its report.
NOTES: Final = {**IMPORT_NOTES, **gis_files.IMPORT_NOTES}
#: Parts named one by one in the text; the JSON answer holds every one.
_MOST_PARTS = 5


def _class_line(classes: Mapping[str, int], session: Session) -> str:
    return " · ".join(f"{CLASS_NAMES[name].text(session.lang, {})} {count}" for name, count in classes.items() if count)


def _part_lines(report: Mapping[str, Any], session: Session) -> Iterator[str]:
    parts, unlisted = report["components"], report["components_not_listed"]
    count = len(parts) + unlisted["count"]
    yield session.say(
        f"小汽车可互相通达的部分 {count} 个（都保留，没有删减）：",
        f"Parts within which cars can drive everywhere and back: {count} (all are kept)",
    )
    shown = [part for part in parts[:_MOST_PARTS] if part["junctions"] > 1]
    for part in shown:
        classes = _class_line(part["classes"], session)
        yield session.say(f"- 路口 {part['junctions']} 个：{classes}", f"- {part['junctions']} junctions: {classes}")
    rest = sum(part["junctions"] for part in parts[len(shown) :]) + unlisted["junctions"]
    if rest:
        few = count - len(shown)
        yield session.say(f"- 其余 {few} 个部分共 {rest} 个路口", f"- {few} further parts, junctions in all: {rest}")
    between = report["roads_between_components"]
    if between:
        yield session.say(
            f"- 另有 {between} 条道路在各部分之间只能单向通行（多为出入境高速公路）",
            f"- Roads that lead one way between parts, mostly expressways that enter or leave: {between}",
        )


def _note_lines(rows: list[Mapping[str, Any]], session: Session) -> Iterator[str]:
    for row in rows:
        wording = NOTES.get(row["code"], Wording(zh=row["code"], en=row["code"]))
        examples = "; ".join(str(one) for one in row["examples"][:3])
        yield f"- {wording.text(session.lang, {})}: {row['count']}" + (f" ({examples})" if examples else "")


def report_lines(report: Mapping[str, Any], session: Session) -> str:
    """Return a report of `county new` or `county check` as text."""
    lines = [
        session.say(
            f"道路 {report['roads']} 条（{report['length_km']} 公里），路口 {report['junctions']} 个",
            f"{report['roads']} roads ({report['length_km']} km), {report['junctions']} junctions",
        ),
        _class_line(report["classes"], session),
        session.say(
            f"入县口 {report['entry_points']} 处，转向限制 {report['turn_restrictions']} 条，"
            f"不向小汽车开放的道路 {report['roads_closed_to_cars']} 条",
            f"{report['entry_points']} entry points, {report['turn_restrictions']} turn restrictions, "
            f"{report['roads_closed_to_cars']} roads closed to cars",
        ),
        *_part_lines(report, session),
    ]
    for title, rows in ((session.say("已修复", "Repaired"), "repaired"), (session.say("未采用", "Dropped"), "dropped")):
        if report[rows]:
            lines += [f"{title}:", *_note_lines(report[rows], session)]
    if report["attribution"]:
        lines.append(report["attribution"])
    return "\n".join(lines)
