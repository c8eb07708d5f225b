"""Sentences of road files and county folders: faults, what an import repaired and dropped, findings of a check."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "road-file-truncated": Wording(
        zh="道路文件不完整：{reason}",
        en="The road file is cut off: {reason}",
        remedy_zh="重新下载或重新导出完整的文件",
        remedy_en="Download or export the whole file again",
    ),
    "road-file-unreadable": Wording(
        zh="道路文件无法读取：{reason}",
        en="The road file cannot be read: {reason}",
        remedy_zh="提供 OpenStreetMap 的 .osm.pbf、.osm.gz、.osm.bz2 或 .osm 文件",
        remedy_en="Give an OpenStreetMap file: .osm.pbf, .osm.gz, .osm.bz2 or .osm",
    ),
    "road-file-without-roads": Wording(
        zh="文件里没有机动车道路",
        en="The file holds no road for motor vehicles",
        remedy_zh="导出时包含带 highway 标签的道路及其节点",
        remedy_en="Export ways tagged highway, with their nodes",
    ),
    "county-folder-exists": Wording(
        zh="文件夹已经存在，没有改动",
        en="The folder exists already; it was not touched",
        remedy_zh="换一个新的文件夹名",
        remedy_en="Name a new folder",
    ),
    "parent-folder-missing": Wording(
        zh="上级文件夹不存在",
        en="There is no folder to put it in",
        remedy_zh="先建立上级文件夹，或核对路径",
        remedy_en="Make that folder first, or check the path",
    ),
    "country-not-two-letters": Wording(
        zh="国家代码不是两个字母：{value}",
        en="The country is not two letters: {value}",
        remedy_zh="填写 CN 之类的代码",
        remedy_en="Give a code such as CN",
    ),
    "crs-unknown": Wording(
        zh="没有这种坐标系：{crs}",
        en="No such coordinate system: {crs}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
    "position-outside-china": Wording(
        zh="坐标 {lon}，{lat} 不在中国境内，不会是 {crs} 坐标",
        en="The position {lon},{lat} is outside China, so it cannot be {crs}",
        remedy_zh="核对经纬度次序和 --crs",
        remedy_en="Check the order of longitude and latitude, and --crs",
    ),
    "vehicle-unknown": Wording(
        zh="没有这种车辆，也没有这个文件：{vehicle}",
        en="Neither a vehicle nor a file: {vehicle}",
        remedy_zh="可选：{known}，或一个 JSON/TOML 文件",
        remedy_en="Choose one of {known}, or name a JSON or TOML file",
    ),
    "vehicle-file-not-an-object": Wording(
        zh="车辆文件不是一组“名称：数值”",
        en="The vehicle file is not an object of keys and values",
        remedy_zh='写成 {{"gross_weight_t": 18, "height_m": 3.8}} 的样子',
        remedy_en='Write it like {{"gross_weight_t": 18, "height_m": 3.8}}',
    ),
}
FINDINGS: Final = {
    "place-far-from-road": Wording(
        zh="地点“{name}”离最近的道路超过 {most_m} 米",
        en="The place “{name}” is more than {most_m} m from every road",
        remedy_zh="核对坐标和坐标系，或补上通往该处的道路",
        remedy_en="Check its position and coordinate system, or add the road that leads there",
    ),
    "receiving-point-without-enterprise": Wording(
        zh="接收点“{name}”的企业“{owner}”不在地点之中",
        en="The receiving point “{name}” belongs to “{owner}”, which is no enterprise here",
        remedy_zh="导入该企业，或改正接收点的 owner",
        remedy_en="Import that enterprise, or mend the point's owner",
    ),
    "K13": Wording(
        zh="封闭企业“{name}”没有划定厂内固定接收点",
        en="The enclosed enterprise “{name}” has no fixed receiving point",
        remedy_zh="在厂内划定接收点并导入",
        remedy_en="Define a receiving point inside it and import it",
    ),
    "network-not-the-imported": Wording(
        zh="路网文件与导入时的记录不一致",
        en="The road network is not the one that was imported",
        remedy_zh="恢复原来的 network.npz，或重新导入路网",
        remedy_en="Put the original network.npz back, or import the roads again",
    ),
}
#: What an import repaired or dropped, by the report's codes.
IMPORT_NOTES: Final = {
    "access-unreadable": Wording(zh="通行权限看不懂，未采用", en="Access value not understood, not used"),
    "area": Wording(zh="面状场地，不作道路", en="Drawn as an area, not a road"),
    "barrier-on-junction-ignored": Wording(
        zh="障碍画在交叉口上，不知拦哪条路，未采用",
        en="Barrier on a junction: which road it bars is not said, not used",
    ),
    "barrier-unknown": Wording(zh="障碍种类不明，按可通行", en="Unknown kind of barrier, taken as passable"),
    "barrier-without-figure": Wording(
        zh="限高架或限宽墩没有数值，未限制", en="Height or width restrictor without a figure, no limit set"
    ),
    "conditional-tag-ignored": Wording(zh="按时段生效的规定，未采用", en="Rule for certain hours, not used"),
    "ferry": Wording(zh="轮渡，不作道路", en="Ferry, not a road"),
    "hazmat-unreadable": Wording(
        zh="危险货物通行规定看不懂，未限制", en="Rule on hazardous goods not understood, no limit set"
    ),
    "highway-unknown": Wording(zh="道路种类不明，未采用", en="Unknown kind of road, not used"),
    "layer-unreadable": Wording(zh="层位看不懂，按地面", en="Layer not understood, taken as ground level"),
    "limit-unreadable": Wording(zh="限重限高等数值看不懂，未限制", en="Limit not understood, no limit set"),
    "link-without-oneway-kept-two-way": Wording(
        zh="高速匝道没有标单行，按双向", en="Motorway link without oneway, kept two-way"
    ),
    "motorway-without-oneway": Wording(
        zh="高速公路没有标单行，按画线方向单行", en="Motorway without oneway, taken as one-way as drawn"
    ),
    "node-without-position": Wording(zh="节点没有有效坐标", en="Node without a valid position"),
    "nodes-at-one-place-joined": Wording(zh="两个节点在同一处，已合并", en="Two nodes at one place, joined"),
    "nodes-missing": Wording(zh="文件缺少节点，道路在此断开", en="Node not in the file, the road is cut there"),
    "not-a-road": Wording(zh="不是行车道路", en="Not a road to drive on"),
    "oneway-reversible-closed": Wording(
        zh="可变方向车道，按不通行", en="Reversible road, taken as closed in both directions"
    ),
    "oneway-unreadable": Wording(zh="单行标记看不懂，未采用", en="Oneway value not understood, not used"),
    "path": Wording(zh="步行、骑行道路", en="Path for people on foot or bicycles"),
    "place-far-from-road": Wording(zh="地点离道路超过 2 公里", en="Place more than 2 km from every road"),
    "ref-in-unusual-form": Wording(zh="路线编号写法不规范，已识别", en="Road number in an unusual form, read"),
    "ref-unreadable": Wording(
        zh="路线编号看不懂，未据以定等级", en="Road number not understood, not used for the class"
    ),
    "restriction-ambiguous": Wording(zh="转向限制对应多条路段", en="Turn restriction fits several roads"),
    "restriction-for-others": Wording(zh="转向限制不针对汽车", en="Turn restriction for neither cars nor trucks"),
    "restriction-incomplete": Wording(zh="转向限制不完整", en="Turn restriction lacks a member"),
    "restriction-kind-unknown": Wording(zh="转向限制种类不明", en="Unknown kind of turn restriction"),
    "restriction-on-no-road": Wording(
        zh="转向限制的道路不在路网中", en="Turn restriction on a way that is no road here"
    ),
    "restriction-via-no-junction": Wording(
        zh="转向限制的路口不在路网中", en="Turn restriction via a node that is no junction"
    ),
    "restriction-without-effect": Wording(
        zh="转向限制已由单行包含", en="Turn restriction already implied by one-way roads"
    ),
    "road-abandoned": Wording(zh="已废弃的道路", en="Abandoned road"),
    "road-drawn-twice": Wording(zh="同一道路画了两遍，只用一遍", en="Road drawn twice, used once"),
    "road-only-planned": Wording(zh="规划中的道路", en="Road only planned"),
    "road-under-construction": Wording(zh="在建道路", en="Road under construction"),
    "speed-unreadable": Wording(zh="限速看不懂，按等级车速", en="Speed limit not understood, the class's speed counts"),
    "way-of-one-place": Wording(zh="只有一个点的道路", en="Road at one place only"),
    "way-outside-the-file": Wording(zh="节点都不在文件内的道路", en="Road whose nodes are not in the file"),
    "way-twice": Wording(zh="编号重复的道路，用后一个", en="Way that comes twice, the later one is used"),
}
CLASS_NAMES: Final = {
    "expressway": Wording(zh="高速公路", en="expressway"),
    "national": Wording(zh="国道", en="national"),
    "provincial": Wording(zh="省道", en="provincial"),
    "county": Wording(zh="县道", en="county"),
    "township": Wording(zh="乡道", en="township"),
    "village": Wording(zh="村道", en="village"),
    "street": Wording(zh="街道", en="street"),
    "track": Wording(zh="田间路", en="track"),
}
