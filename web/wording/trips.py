"""Sentences about trips: their ends, stops, entry points, conditions on the way, areas crossed."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "end-missing": Wording(
        zh="没有填写地点",
        en="No place was given",
        remedy_zh="填写地点编号或名称、“经度，纬度”，或六位区划代码加名称",
        remedy_en="Give a place id or name, longitude,latitude, or a six-digit area code with a name",
    ),
    "end-unreadable": Wording(
        zh="地点的写法无法识别：{value}",
        en="The place cannot be read: {value}",
        remedy_zh='写成文字，或 {{"place"}}、{{"lon", "lat"}}、{{"area_code", "name"}} 之一',
        remedy_en='Write a text, or one of {{"place"}}, {{"lon", "lat"}}, {{"area_code", "name"}}',
    ),
    "position-latitude-first": Wording(
        zh="坐标次序反了：{lon}，{lat}",
        en="Latitude comes first here: {lon},{lat}",
        remedy_zh="先写经度，再写纬度",
        remedy_en="Write the longitude first, then the latitude",
    ),
    "area-name-missing": Wording(
        zh="区划代码 {area_code} 后面没有名称",
        en="The area code {area_code} has no name",
        remedy_zh="写成“410100 郑州市”的样子",
        remedy_en="Write it like “410100 郑州市”",
    ),
    "area-code-is-this-county": Wording(
        zh="{area_code} {name} 就是本县",
        en="{area_code} {name} is this county itself",
        remedy_zh="填写县内的地点编号、名称或坐标",
        remedy_en="Give a place id, name or position inside the county",
    ),
    "receiving-point-missing": Wording(
        zh="封闭企业没有划定固定接收点：{name}",
        en="The enclosed firm has no fixed receiving point: {name}",
        remedy_zh="先在地点文件里登记 receiving_point，owner 填 {enterprise}",
        remedy_en="Define a place of kind receiving_point whose owner is {enterprise}",
    ),
    "entry-point-missing": Wording(
        zh="本县没有登记入县口，无法规划来往 {name} 的线路",
        en="The county has no entry point, so no route to or from {name} can be planned",
        remedy_zh="在地点文件里登记 entry_point",
        remedy_en="Define places of kind entry_point",
    ),
    "entry-point-unreachable": Wording(
        zh="该车辆在入县口没有可用道路",
        en="This vehicle may use no road at the entry point",
        remedy_zh="换一个入县口，或核对车辆尺寸和重量",
        remedy_en="Choose another entry point, or check the vehicle's size and weight",
    ),
    "not-an-entry-point": Wording(
        zh="{place} 不是入县口",
        en="{place} is no entry point",
        remedy_zh="填写入县口的编号或名称，或不填",
        remedy_en="Give the id or name of an entry point, or none",
    ),
    "via-outside-county": Wording(
        zh="途中停靠点在县外：{area_code} {name}",
        en="A stop on the way lies outside the county: {area_code} {name}",
        remedy_zh="分成两个车次申请",
        remedy_en="Apply for two trips",
    ),
    "origin-is-destination": Wording(
        zh="出发地和目的地是同一处：{place}",
        en="Origin and destination are the same: {place}",
        remedy_zh="改正其中一处；往返请填写停靠点",
        remedy_en="Mend one of them; for a round give a stop on the way",
    ),
    "stop-twice-in-a-row": Wording(
        zh="连续两次停靠同一处：{place}",
        en="The same stop twice in a row: {place}",
        remedy_zh="删去重复的停靠点",
        remedy_en="Leave out the repeated stop",
    ),
    "dwell-out-of-range": Wording(
        zh="停靠时间不合理：{value} 分钟",
        en="A stop cannot last {value} minutes",
        remedy_zh="填写 0 到 {most} 分钟",
        remedy_en="Give 0 to {most} minutes",
    ),
    "corridor-points-too-few": Wording(
        zh="指定路线至少要两个点，给了 {value} 个",
        en="A route's line needs two points, {value} was asked for",
        remedy_zh="至少填写 2",
        remedy_en="Give 2 or more",
    ),
}
FINDINGS: Final = {
    "condition-ends-before-arrival": Wording(
        zh="{subject} 的{name}将于 {ends_at} 到期，需保持到 {needed_until}；"
        "途中来不及办，请出发前到“{station_name}”办理",
        en="{name} of {subject} ends at {ends_at} and must hold until {needed_until}; no stop on the way is in time: "
        "renew it at “{station_name}” before leaving",
        remedy_zh="出发前到“{station_name}”办理，再申请",
        remedy_en="Renew it at “{station_name}” before leaving, then apply again",
    ),
    "condition-not-renewable": Wording(
        zh="{subject} 的{name}将于 {ends_at} 到期，需保持到 {needed_until}；途中没有可以办理的地方，请出发前办理",
        en="{name} of {subject} ends at {ends_at} and must hold until {needed_until}; nothing on the way renews it: "
        "renew it before leaving",
        remedy_zh="出发前办理，再申请",
        remedy_en="Renew it before leaving, then apply again",
    ),
    "transit-not-allowed": Wording(
        zh="线路穿过“{area}”（{kind}），该区域不准穿行",
        en="The route passes through “{area}” ({kind}), which lets nobody through",
        remedy_zh="改走绕开该区域的停靠点，或改期",
        remedy_en="Choose stops that lead round the area, or another time",
    ),
}
