"""Sentences about what a closure would do: the milder ways that are put beside a request."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

FINDINGS: Final = {
    "staffed-post": Wording(
        zh="改为专人值守或可移动护栏，救护、消防和通行证车辆可以通过",
        en="Put people or a movable bar there instead: ambulances, fire engines and pass holders can go through",
    ),
    "leave-road-open": Wording(
        zh="不关 {road_name}（路段 {road}）：少断 {places} 处、{people} 人，仍断 {left} 处",
        en="Leave {road_name} (road {road}) open: {places} places and {people} people keep a way, {left} stay cut off",
    ),
    "let-holders-through": Wording(
        zh="放行通行证车辆：{passes} 张有效通行证不受影响",
        en="Let pass holders through: {passes} open passes are not affected",
    ),
    "later-start": Wording(
        zh="推迟到 {start} 开始：已核发的 {passes} 张通行证都已过完",
        en="Begin at {start}: by then the trucks of the {passes} passes have gone by",
    ),
    "name-an-end": Wording(
        zh="写明恢复通行的时间：现在没有截止时间",
        en="Name when the road opens again: there is no end yet",
    ),
    "shorter-window": Wording(
        zh="缩短关闭时间：规定最长 {max_days} 天",
        en="Make it shorter: the rule allows {max_days} days at most",
    ),
}
