"""`baotong simulate`: what if an area were sealed; the same question as on the planner's page, and nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from geodata.errors import BadInputError
from web.answer import answer
from web.options import instant_option, session_options
from web.session import Session, now
from web.text_lines import read_lines

_FILE = click.Path(path_type=Path)
_DAYS: Final = 3
_POSTS_SHOWN: Final = 40


def _area_text(file: Path) -> str:
    from geodata.drawn_area import LONGEST_TEXT

    try:
        content = file.read_bytes()
        if len(content) > LONGEST_TEXT:
            raise BadInputError("area-too-long", str(file), most=LONGEST_TEXT)
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise BadInputError("file-missing", str(file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError("json-unreadable", str(file), reason=str(error)) from None


def _gates(file: Path | None) -> tuple[str, ...]:
    """Return the road ids of a file, one a line."""
    lines = [] if file is None else read_lines(file)
    return tuple(dict.fromkeys(one.strip() for one in lines if one.strip()))


def _post_line(post: Mapping[str, Any]) -> str:
    name = " ".join(one for one in (post["ref"], post["name"]) if one) or post["road"]
    return f"  {post['number']:3} {name} [{post['road']}] {post['lon']:.5f},{post['lat']:.5f}"


def _text(session: Session, result: Mapping[str, Any]) -> str:
    found, line = result["consequence"], result["line"]
    broken = [one["name"] for one in found["channels"] if one["broken"]]
    lines = [
        session.say(
            f"被断开：{found['people_cut_off']} 人，{len(found['places_cut_off'])} 处",
            f"Cut off: {found['people_cut_off']} people, {len(found['places_cut_off'])} places",
        ),
        session.say(
            f"受影响通行证 {len(found['passes_hit'])} 张，其中停运 {len(found['unroutable_passes'])} 张",
            f"Passes hit: {len(found['passes_hit'])}, of which {len(found['unroutable_passes'])} have no way left",
        ),
        session.say(
            f"失去绿色通道的枢纽：{'、'.join(broken) or '无'}",
            f"Hubs without a green channel: {', '.join(broken) or 'none'}",
        ),
        session.say(
            f"最少值守点 {len(line['posts'])} 处（全设在边界上要 {line['posts_at_edge']} 处）",
            f"Fewest staffed posts: {len(line['posts'])} ({line['posts_at_edge']} with every post on the edge)",
        ),
        *map(_post_line, line["posts"][:_POSTS_SHOWN]),
    ]
    return "\n".join(lines)


@click.command("simulate", help="What if an area were sealed? Nothing changes. / 区域封控推演。")
@click.option("--area", type=_FILE, required=True, metavar="FILE", help="GeoJSON polygon. / 区域。")
@click.option("--gates", type=_FILE, metavar="FILE", help="Road ids that stay open, one a line. / 通道口。")
@click.option("--move-km", type=float, default=0.0, help="How far outward the line may move. / 封控线可外移公里数。")
@click.option(
    "--pass-holders", type=click.Choice(["stopped", "let_through"]), default="stopped", help="At posts. / 值守点放行。"
)
@click.option("--inside-share", type=float, default=0.5, help="A road counts inside above this. / 计入区内的比例。")
@click.option(
    "--structures",
    type=click.Choice(["joined", "inside", "kept"]),
    default="joined",
    help="Bridges and tunnels over or under the area. / 跨越区域的桥隧。",
)
@instant_option("--start")
@instant_option("--end", default_now=False)
@session_options
def simulate(session: Session, *, area: Path, gates: Path | None, start: datetime, **options: Any) -> None:
    """Answer a what-if: the fewest posts, and who and what is hit; of three days where no end is given."""
    from web.live_engine import engine_of, tell_where_kernels_are_kept

    tell_where_kernels_are_kept(session)
    from passes.area_plans.area_plan import answer_plan
    from passes.area_plans.plan_inputs import PlanInputs

    end = options.pop("end") or start + timedelta(days=_DAYS)
    inputs = PlanInputs(area.stem, _area_text(area), start, end, gates=_gates(gates), **options)
    county = session.county
    with session.transaction(writes=False) as connection:
        result = answer_plan(
            inputs,
            connection=connection,
            county=county,
            engine=engine_of(connection, county, session=session),
            at=now(),
            tell=lambda _share, _step: None,
        )
    answer(session, {"ok": True, **result}, _text(session, result))
