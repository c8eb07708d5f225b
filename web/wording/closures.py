"""Sentences about closures: what is wrong with a file, and what the checks K1 to K7 and K14 found.

The checks that look at the county are in `web.wording.county_checks`.
"""

from __future__ import annotations

from typing import Final

from web.wording.county_checks import COUNTY_CHECKS
from web.wording.wording import Wording

#: Short names of the checks.
CHECKS: Final = {
    "K1": Wording(zh="未见批准", en="no approval on record"),
    "K2": Wording(zh="批准单位不符", en="not the required authority"),
    "K3": Wording(zh="先关后批", en="closed before the approval"),
    "K4": Wording(zh="超出范围", en="beyond the approved extent"),
    "K5": Wording(zh="到期未开", en="not reopened when the approval ended"),
    "K6": Wording(zh="硬隔离", en="hard isolation"),
    "K7": Wording(zh="未登记阻断", en="blockage not registered"),
    **COUNTY_CHECKS,
    "K14": Wording(zh="台账被改", en="history altered"),
}
#: States of a closure as people read them.
STATES: Final = {
    "draft": Wording(zh="草稿", en="draft"),
    "requested": Wording(zh="待批复", en="requested"),
    "approved": Wording(zh="同意", en="approved"),
    "partly_approved": Wording(zh="部分同意", en="partly approved"),
    "refused": Wording(zh="不同意", en="refused"),
    "withdrawn": Wording(zh="已撤回", en="withdrawn"),
    "expired": Wording(zh="批准到期", en="expired"),
    "": Wording(zh="未登记", en="not registered"),
    "unknown": Wording(zh="现场未知", en="unknown on site"),
    "reported": Wording(zh="有人上报", en="reported"),
    "confirmed_blocked": Wording(zh="现场已阻断", en="confirmed blocked"),
    "confirmed_open": Wording(zh="现场已畅通", en="confirmed open"),
    "open": Wording(zh="可通行", en="passable"),
    "closed": Wording(zh="已绕开", en="avoided"),
}
FINDINGS: Final = {
    "K1": Wording(
        zh="{road_name}已经关闭，但未见批准记录。",
        en="{road_name} is closed with no approval on record.",
        remedy_zh="补办批准，或恢复通行；须批准的单位：{missing_names}",
        remedy_en="Obtain the approval or reopen; to approve: {missing_names}",
    ),
    "K2": Wording(
        zh="{road_name}的关闭有批准，但批准单位“{decided_by_name}”不在有权批准的名单内。",
        en="The closure of {road_name} was approved by {decided_by_name}, which is not on the list of those who may.",
        remedy_zh="报有权批准的单位批准：{required_names}",
        remedy_en="Ask those who may approve: {required_names}",
    ),
    "K3": Wording(
        zh="{road_name}的关闭时间早于批准时间（早 {early_min} 分钟）。",
        en="{road_name} was closed before its approval (by {early_min} minutes).",
        remedy_zh="核实实际关闭时间并说明原因",
        remedy_en="Verify when it was really closed, and explain",
    ),
    "K4": Wording(
        zh="{road_name}实际关闭的路段、方向或长度超出批准范围 {over_m} 米。",
        en="{road_name} is closed {over_m} m beyond the approved extent (roads, direction or length).",
        remedy_zh="退回批准范围，或就超出部分报批",
        remedy_en="Draw back to the approved extent, or have the rest approved",
    ),
    "K5": Wording(
        zh="{road_name}的批准已到期 {over_min} 分钟，道路仍未恢复通行。",
        en="The approval for {road_name} ended {over_min} minutes ago, and the road is not reopened.",
        remedy_zh="恢复通行并拍照，或办理延期批准",
        remedy_en="Reopen and photograph, or have it extended",
    ),
    "K6": Wording(
        zh="县、乡、村公路上有硬隔离设施：{road_name}。",
        en="A hard barrier stands on a county, township or village road: {road_name}.",
        remedy_zh="拆除硬隔离设施，改为专人值守或可移动护栏",
        remedy_en="Remove the hard barrier; use guards or a movable barrier",
    ),
    "K7": Wording(
        zh="现场有人看到{road_name}道路阻断，系统里没有任何登记。",
        en="{road_name} was seen blocked, and nothing is registered.",
        remedy_zh="登记并报批，或恢复通行后拍照核实",
        remedy_en="Register it and ask for approval, or reopen and confirm with a photograph",
    ),
    "K14": Wording(
        zh="批准记录在签署后被改动（{count} 处）。",
        en="Records were altered after they were signed ({count}).",
        remedy_zh="从备份恢复原记录，并查明改动人",
        remedy_en="Restore the records from a backup, and find out who altered them",
    ),
}
_WRITE_TIME: Final = ("写成 2022-06-22T08:00:00+08:00 的样子", "Write it like 2022-06-22T08:00:00+08:00")
_CHOOSE: Final = ("可选：{choices}", "Choose one of {choices}")
ERRORS: Final = {
    "closures-file-has-errors": Wording(
        zh="道路关闭文件有 {count} 处错误，一条也没有导入",
        en="The closure file has {count} faults; nothing was imported",
        remedy_zh="逐行改正后重新导入",
        remedy_en="Mend each row and import again",
    ),
    "closure-ask-has-errors": Wording(
        zh="有 {count} 处要改",
        en="{count} things are to be mended",
        remedy_zh="逐项改正后重新提交",
        remedy_en="Mend each of them and send again",
    ),
    "closure-without-start": Wording(
        zh="没有开始时间",
        en="The start is missing",
        remedy_zh="填写 start；若只是看到道路阻断，只填 id 和 observations",
        remedy_en="Give `start`; for a blockage somebody saw, give only `id` and `observations`",
        form_zh="填写开始时间",
        form_en="Fill in when it starts",
    ),
    "closure-without-place": Wording(
        zh="没有位置",
        en="The place is missing",
        remedy_zh="沿道路画 LineString，或填写 road_ids",
        remedy_en="Draw a LineString along the road, or give `road_ids`",
        form_zh="在地图上选道路，或沿道路画线",
        form_en="Pick roads on the map, or draw along one",
    ),
    "closure-id-twice": Wording(
        zh="编号与第 {first} 行相同",
        en="The id was used in row {first} already",
        remedy_zh="每条用不同的编号",
        remedy_en="Give every row an id of its own",
    ),
    "feature-without-id": Wording(zh="没有编号", en="The id is missing", remedy_zh="填写 id", remedy_en="Give an `id`"),
    "feature-id-unusable": Wording(
        zh="编号不能使用",
        en="The id cannot be used",
        remedy_zh="编号不超过 {longest} 个字符，不含换行等控制字符",
        remedy_en="Use at most {longest} printable characters",
    ),
    "feature-without-properties": Wording(
        zh="properties 不是对象",
        en="`properties` is not an object",
        remedy_zh='写成 {{"id": …, "start": …}} 的样子',
        remedy_en='Write it like {{"id": …, "start": …}}',
    ),
    "property-not-text": Wording(
        zh="不是可以保存的文字：{value}",
        en="Not a text that can be kept: {value}",
        remedy_zh="写成普通文字",
        remedy_en="Write plain text",
    ),
    "property-not-a-list": Wording(
        zh="不是由对象组成的列表", en="Not a list of objects", remedy_zh="写成 [{{…}}]", remedy_en="Write it as [{{…}}]"
    ),
    "property-not-an-object": Wording(
        zh="不是对象", en="Not an object", remedy_zh="写成 {{…}}", remedy_en="Write it as {{…}}"
    ),
    "direction-unknown": Wording(
        zh="没有这个方向：{value}",
        en="No such direction: {value}",
        remedy_zh="可选：{choices}；forward 是道路数字化的方向",
        remedy_en="Choose one of {choices}; forward is the road's digitised direction",
    ),
    "barrier-unknown": Wording(
        zh="没有这种设施：{value}", en="No such barrier: {value}", remedy_zh=_CHOOSE[0], remedy_en=_CHOOSE[1]
    ),
    "barrier-is-vehicle-limit": Wording(
        zh="限高架、限宽墩是车辆限制，不是道路关闭：{value}",
        en="A height bar or width posts limit vehicles and close nothing: {value}",
        remedy_zh="从本文件删去，改在路网的限高、限宽里登记",
        remedy_en="Leave it out here; map it as the road's height or width limit",
    ),
    "cause-unknown": Wording(
        zh="没有这种原因：{value}", en="No such cause: {value}", remedy_zh=_CHOOSE[0], remedy_en=_CHOOSE[1]
    ),
    "cause-missing": Wording(
        zh="没有写关闭原因，本县规则也没有默认原因",
        en="No cause is given, and the county's regime has none of its own",
        remedy_zh=_CHOOSE[0],
        remedy_en=_CHOOSE[1],
    ),
    "pass-holders-unknown": Wording(
        zh="对持证车辆的写法不对：{value}",
        en="Unknown word for pass holders: {value}",
        remedy_zh=_CHOOSE[0],
        remedy_en=_CHOOSE[1],
    ),
    "closure-geometry-not-a-line": Wording(
        zh="图形不是线，也不是面：{type}",
        en="The geometry is neither a line nor an area: {type}",
        remedy_zh="沿道路画 LineString，或画 Polygon（关闭其中的路段），或图形留空并填写 road_ids",
        remedy_en="Draw a LineString along the road or a Polygon round the roads, or leave the geometry null and give "
        "`road_ids`",
        form_zh="沿道路画线，或在地图上选道路",
        form_en="Draw a line along the road, or pick roads on the map",
    ),
    "closure-position-unusable": Wording(
        zh="坐标不能使用：{value}",
        en="The position cannot be used: {value}",
        remedy_zh="写成“[经度，纬度]”（WGS-84），经度在前",
        remedy_en="Write [longitude, latitude] in WGS-84, longitude first",
        form_zh="在地图上重画，或写“经度，纬度”，经度在前",
        form_en="Draw it on the map again, or write longitude, latitude, longitude first",
    ),
    "closure-line-zero-length": Wording(
        zh="线的长度为零",
        en="The line has no length",
        remedy_zh="沿关闭的路段画出起点和终点",
        remedy_en="Draw the closed stretch from its start to its end",
    ),
    "closure-line-crosses-itself": Wording(
        zh="线与自身相交（{lon}，{lat}）",
        en="The line crosses itself at {lon}, {lat}",
        remedy_zh="拆成几条线，或分成几条登记",
        remedy_en="Split it into several lines or closures",
    ),
    "closure-far-from-road": Wording(
        zh="线离最近的道路 {distance_m} 米（{lon}，{lat}）",
        en="The line is {distance_m} m from the nearest road, at {lon}, {lat}",
        remedy_zh="沿道路重画（不超过 {most_m} 米），并核对坐标系是否为 WGS-84",
        remedy_en="Draw it along the road (within {most_m} m), and check that the positions are WGS-84",
    ),
    "closure-off-the-roads": Wording(
        zh="线从一条道路跳到另一条不相连的道路：{road_ids}",
        en="The line jumps between roads that do not meet: {road_ids}",
        remedy_zh="沿相连的道路画线，或拆成几条线",
        remedy_en="Draw along roads that meet, or split the line",
    ),
    "closure-across-road": Wording(
        zh="线横穿道路，没有沿道路：{road_ids}",
        en="The line runs across the road and not along it: {road_ids}",
        remedy_zh="沿关闭的路段画线",
        remedy_en="Draw it along the closed stretch",
    ),
    "closure-on-parallel-roads": Wording(
        zh="线在并行的道路之间，分不清是哪一条：{road_ids} 还是 {other_road_ids}",
        en="The line lies on parallel roads: {road_ids} or {other_road_ids}?",
        remedy_zh="在 road_ids 里写明是哪几条，例如 {road_ids}",
        remedy_en="Say which in `road_ids`, for example {road_ids}",
        form_zh="在下面选明是哪一条",
        form_en="Say below which one it is",
    ),
    "closure-on-wrong-side": Wording(
        zh="单行道路，关闭的是没有车走的方向：{road_ids}",
        en="On a one-way road the direction that nobody drives would be closed: {road_ids}",
        remedy_zh="方向改为 both 或另一个方向；画线方向要与行车方向一致",
        remedy_en="Use `both` or the other direction; draw the line with the traffic",
        form_zh="改选双向或另一个方向；画线方向要与行车方向一致",
        form_en="Choose both directions or the other one; draw the line with the traffic",
    ),
    "road-ids-not-a-list": Wording(
        zh="road_ids 不是道路编号的列表",
        en="`road_ids` is not a list of road ids",
        remedy_zh='写成 ["道路编号"]',
        remedy_en='Write it as ["road id"]',
        form_zh="在地图或列表里选道路",
        form_en="Pick roads on the map or in the list",
    ),
    "road-unknown": Wording(
        zh="没有这条道路：{road_id}",
        en="No such road: {road_id}",
        remedy_zh="用 baotong county export 查看道路编号",
        remedy_en="`baotong county export` lists the ids",
        form_zh="在地图或列表里选道路",
        form_en="Pick the road on the map or in the list",
    ),
    "decision-without-authority": Wording(
        zh="没有批准单位",
        en="The deciding authority is missing",
        remedy_zh="填写 authority:county.toml 里的编号或名称",
        remedy_en="Give `authority`, an id or name of county.toml",
        form_zh="选择批准单位",
        form_en="Choose the deciding authority",
    ),
    "decision-unknown": Wording(
        zh="批复结果不对：{value}", en="Unknown decision: {value}", remedy_zh=_CHOOSE[0], remedy_en=_CHOOSE[1]
    ),
    "form-unknown": Wording(
        zh="批复形式不对：{value}", en="Unknown form: {value}", remedy_zh=_CHOOSE[0], remedy_en=_CHOOSE[1]
    ),
    "decision-without-time": Wording(
        zh="没有批复时间", en="The time of the decision is missing", remedy_zh=_WRITE_TIME[0], remedy_en=_WRITE_TIME[1]
    ),
    "observation-without-time": Wording(
        zh="没有看到的时间",
        en="The time of the observation is missing",
        remedy_zh=_WRITE_TIME[0],
        remedy_en=_WRITE_TIME[1],
    ),
    "observation-state-unknown": Wording(
        zh="现场情况不对：{value}", en="Unknown state: {value}", remedy_zh=_CHOOSE[0], remedy_en=_CHOOSE[1]
    ),
    "observation-source-unknown": Wording(
        zh="来源不对：{value}", en="Unknown source: {value}", remedy_zh=_CHOOSE[0], remedy_en=_CHOOSE[1]
    ),
    "closure-directions-mixed": Wording(
        zh="{id} 各路段关闭的方向不同，文件无法表达",
        en="The roads of {id} are closed in different directions, for which the file has no word",
        remedy_zh="按方向分成几条登记",
        remedy_en="Register one closure for each direction",
    ),
    "closure-road-unknown": Wording(
        zh="{id} 所在的道路 {road_id} 不在本县路网里",
        en="{id} lies on road {road_id}, which the county's network does not have",
        remedy_zh="核对 --county 与 --database-url 是否属于同一个县",
        remedy_en="Check that --county and --database-url belong together",
    ),
    "closure-record-damaged": Wording(
        zh="{id} 的记录已损坏，无法读取",
        en="The records of {id} are damaged and cannot be read",
        remedy_zh="用 baotong log verify 查看，再从备份恢复",
        remedy_en="See `baotong log verify`, then restore from a backup",
    ),
    "checkpoint-unreadable": Wording(
        zh="台账存照第 {line} 行无法读取",
        en="Line {line} of the checkpoint cannot be read",
        remedy_zh="使用 baotong log checkpoint 写出的文件，不要改动",
        remedy_en="Use the file as `baotong log checkpoint` wrote it",
    ),
    "checkpoint-of-another-log": Wording(
        zh="这是另一本台账的存照：{origin}",
        en="This is the checkpoint of another log: {origin}",
        remedy_zh="本台账是 {expected}",
        remedy_en="This log is {expected}",
    ),
    "checkpoint-unsigned": Wording(
        zh="台账存照没有签名，不能作为依据",
        en="The checkpoint is not signed and proves nothing",
        remedy_zh="用 baotong log checkpoint 写出带签名的存照",
        remedy_en="Use one that `baotong log checkpoint` signed",
    ),
    "checkpoint-key-unknown": Wording(
        zh="台账存照的签名公钥不在清单里，或该密钥已停用作废",
        en="No key of the list, or only a withdrawn one, signed the checkpoint",
        remedy_zh="用 --jwks 给出当时导出的公钥清单",
        remedy_en="Give the key list of that time with --jwks",
    ),
    "checkpoint-signature-wrong": Wording(
        zh="台账存照的签名不符，内容在签名后被改动",
        en="The signature does not fit: the checkpoint was altered after it was signed",
        remedy_zh="使用未经改动的存照，并查明改动人",
        remedy_en="Use the one that was not altered, and find out who altered this one",
    ),
}
