"""Sentences about routes: questions that cannot be answered, closings that do not fit, lines of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "no-route": Wording(
        zh="从{origin}到{destination}没有可走的路：被道路关闭截断（{blocking}）",
        en="No route from {origin} to {destination}: cut by closures {blocking}",
        remedy_zh="其中各处恢复通行后即可通行；也可换出发时间或地点",
        remedy_en="Once these are lifted there is a way; or choose another time or place",
    ),
    "unreachable": Wording(
        zh="该车辆从{origin}到不了{destination}，与道路关闭无关",
        en="This vehicle cannot reach {destination} from {origin}, closures or not",
        remedy_zh="核对地点和车辆尺寸、重量",
        remedy_en="Check the places and the vehicle's size and weight",
    ),
    "holder-unknown": Wording(
        zh="持证情况不对：{value}",
        en="The holder is unknown: {value}",
        remedy_zh="写 public 或 pass",
        remedy_en="Write public or pass",
    ),
    "turns-unknown": Wording(
        zh="转向限制的写法不对：{value}",
        en="What to do about turns is unknown: {value}",
        remedy_zh="写 kept（遵守转向限制）或 ignored（不计）",
        remedy_en="Write kept or ignored",
    ),
    "road-point-unknown": Wording(
        zh="位置不在路网上",
        en="The position is on no road of the network",
        remedy_zh="路网更新后请重新选点",
        remedy_en="Choose the position again: the road network has changed",
    ),
    "vehicle-speed-not-positive": Wording(
        zh="车辆最高速度要大于 0:{value}",
        en="The vehicle's top speed must be above 0: {value}",
        remedy_zh="填写 max_kmh，单位公里/小时",
        remedy_en="Give max_kmh in km/h",
    ),
    "road-takes-too-long": Wording(
        zh="道路 {road} 长 {km} 公里，按这辆车的速度要走 {days} 天以上，无法计算",
        en="Road {road} is {km} km long and would take this vehicle more than {days} days: that cannot be reckoned",
        remedy_zh="核对车辆的 max_kmh、county.toml 的 speeds_kmh 和这条路的限速、长度",
        remedy_en="Check the vehicle's max_kmh, speeds_kmh in county.toml, and the road's speed limit and length",
    ),
    "route-too-long": Wording(
        zh="路线超过 49 天或 10,737 公里，无法计算",
        en="The route would take more than 49 days or 10,737 km: that cannot be reckoned",
        remedy_zh="核对车辆的 max_kmh 和 county.toml 的 speeds_kmh",
        remedy_en="Check the vehicle's max_kmh, and speeds_kmh in county.toml",
    ),
    "closing-road-unknown": Wording(
        zh="道路关闭所指的道路不在路网里：{road}",
        en="The closure names a road that the network does not have: {road}",
        remedy_zh="按现有路网重新选定路段",
        remedy_en="Choose its roads again on the present network",
    ),
    "closing-part-reversed": Wording(
        zh="关闭路段的起止不对：{from_m} 至 {to_m}",
        en="The closed part does not go from its start to its end: {from_m} to {to_m}",
        remedy_zh="起点不能大于终点，单位米",
        remedy_en="The start must not lie beyond the end, in metres",
    ),
    "closure-not-closed": Wording(
        zh="这处道路没有关闭，无从解除",
        en="This closure closes nothing here, so it cannot be lifted",
        remedy_zh="核对编号",
        remedy_en="Check the id",
    ),
    "batch-line-unreadable": Wording(
        zh="这一行不是 JSON 对象：{reason}",
        en="The line is not a JSON object: {reason}",
        remedy_zh='每行写一个 {{"id", "from", "to"}} 对象',
        remedy_en='Write one object a line: {{"id", "from", "to"}}',
    ),
    "batch-key-unknown": Wording(
        zh="这一行有不认识的项目",
        en="The line holds an unknown key",
        remedy_zh="可用的项目：{known}",
        remedy_en="Known keys: {known}",
    ),
    "batch-key-missing": Wording(
        zh="这一行缺少必填项目", en="The line lacks a key", remedy_zh="补上该项目", remedy_en="Add the key named"
    ),
    "batch-value-unreadable": Wording(
        zh="这一行的取值无法识别：{value}",
        en="The line's value cannot be read: {value}",
        remedy_zh="按说明改写",
        remedy_en="Write it as the documentation says",
    ),
    "batch-unreadable": Wording(
        zh="批量文件无法读取：{reason}",
        en="The batch file cannot be read: {reason}",
        remedy_zh="存为 UTF-8 文本，每行一个 JSON 对象",
        remedy_en="Save it as UTF-8 text, one JSON object a line",
    ),
}

#: What a road without name and number is called.
CLASSES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "expressway": ("高速公路", "expressway"),
        "national": ("国道", "national road"),
        "provincial": ("省道", "provincial road"),
        "county": ("县道", "county road"),
        "township": ("乡道", "township road"),
        "village": ("村道", "village road"),
        "street": ("街道", "street"),
        "track": ("便道", "track"),
    }
)
