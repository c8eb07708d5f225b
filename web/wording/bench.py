"""Sentences about measuring beside other routers."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "peer-unknown": Wording(
        zh="没有名为“{value}”的对比程序；可用的有：{known}",
        en="There is no router to compare with called “{value}”; known: {known}",
        remedy_zh="核对 --peers 的名称，或用 --peers-from 指定对比程序文件夹",
        remedy_en="Check the names after --peers, or name their folder with --peers-from",
    ),
    "peer-unreadable": Wording(
        zh="对比程序文件没有提供 {reason}",
        en="The file of a router to compare with offers no {reason}",
        remedy_zh="文件须导入所用的包，并提供 make_router",
        remedy_en="It must import its package and offer make_router",
    ),
    "bench-network-small": Wording(
        zh="路网只有 {roads} 条可用的路，少于 {fewest} 条，测不出结果",
        en="The network has {roads} usable roads, fewer than the {fewest} worth measuring",
        remedy_zh="换一个较大的县，或用 --junctions 生成示意路网",
        remedy_en="Take a larger county, or a schematic network with --junctions",
    ),
    "bench-network-disconnected": Wording(
        zh="随机抽了 {draws} 次，没有抽到关闭之后仍有路线的两个路口",
        en="{draws} draws found no two junctions that still have a route past the closures",
        remedy_zh="先用 baotong county check 检查路网是否连通",
        remedy_en="See with `baotong county check` whether the network is connected",
    ),
}
