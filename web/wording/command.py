"""Sentences of the command line itself: options, files, settings, places, areas, the store."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "usage": Wording(
        zh="命令用法不对：{reason}",
        en="The command was not understood: {reason}",
        remedy_zh="加 --help 查看用法",
        remedy_en="Add --help to see how it is used",
    ),
    "bug": Wording(
        zh="程序内部出错：{reason}",
        en="A fault inside Baotong: {reason}",
        remedy_zh="请把这条信息和所用命令报给维护者",
        remedy_en="Please report this line and the command to the maintainers",
    ),
    "surroundings-failed": Wording(
        zh="系统环境出错：{reason}",
        en="The system failed: {reason}",
        remedy_zh="检查磁盘空间、权限和端口后重试",
        remedy_en="Check disk space, permissions and ports, then try again",
    ),
    "county-not-named": Wording(
        zh="没有指定县文件夹",
        en="No county folder was named",
        remedy_zh="加 --county 文件夹，或设置 BAOTONG_COUNTY，或在县文件夹里运行",
        remedy_en="Give --county DIR, set BAOTONG_COUNTY, or run inside a county folder",
    ),
    "county-folder-missing": Wording(
        zh="没有这个县文件夹",
        en="There is no such county folder",
        remedy_zh="先用 baotong county new 建立，或核对路径",
        remedy_en="Make one with `baotong county new`, or check the path",
    ),
    "file-missing": Wording(
        zh="没有这个文件", en="There is no such file", remedy_zh="核对文件路径", remedy_en="Check the path"
    ),
    "toml-unreadable": Wording(
        zh="设置文件无法读取：{reason}",
        en="The settings file cannot be read: {reason}",
        remedy_zh="改正所指行后重试",
        remedy_en="Mend the line named and try again",
    ),
    "json-unreadable": Wording(
        zh="文件不是有效的 JSON：{reason}",
        en="The file is not valid JSON: {reason}",
        remedy_zh="改正所指行列后重试",
        remedy_en="Mend the line and column named and try again",
    ),
    "not-a-feature-collection": Wording(
        zh="文件不是 GeoJSON 要素集合",
        en="The file is not a GeoJSON feature collection",
        remedy_zh="导出为 GeoJSON FeatureCollection",
        remedy_en="Export it as a GeoJSON FeatureCollection",
    ),
    "time-unreadable": Wording(
        zh="时间无法读取：{value}",
        en="The time cannot be read: {value}",
        remedy_zh="写成 2022-06-22T08:00:00+08:00 的样子",
        remedy_en="Write it like 2022-06-22T08:00:00+08:00",
    ),
    "time-without-offset": Wording(
        zh="时间没有时区：{value}",
        en="The time has no offset: {value}",
        remedy_zh="在时间后加时区，例如 +08:00",
        remedy_en="Add the offset, for example +08:00",
    ),
    "time-out-of-range": Wording(
        zh="时间超出范围：{value}",
        en="The time is out of range: {value}",
        remedy_zh="填写 {earliest} 到 {latest} 之间（不含当天）的时间",
        remedy_en="Give a time from {earliest} on and before {latest}",
    ),
    "window-reversed": Wording(
        zh="结束时间不晚于开始时间：{start} 至 {end}",
        en="The end is not after the start: {start} to {end}",
        remedy_zh="改正开始或结束时间",
        remedy_en="Mend the start or the end",
    ),
    "disk-write-failed": Wording(
        zh="写入失败：{reason}",
        en="Writing failed: {reason}",
        remedy_zh="腾出磁盘空间或改用可写的文件夹后重试，原有内容没有改动",
        remedy_en="Free disk space or choose a writable folder and try again; nothing was changed",
    ),
    "network-file-unreadable": Wording(
        zh="路网文件损坏或版本不符",
        en="The road network file is damaged or of another format",
        remedy_zh="用 baotong county new 重新导入路网",
        remedy_en="Import the roads again with `baotong county new`",
    ),
    "settings-key-unknown": Wording(
        zh="设置里有不认识的项目",
        en="The settings hold an unknown key",
        remedy_zh="可用的项目：{known}",
        remedy_en="Known keys: {known}",
    ),
    "settings-value-wrong-kind": Wording(
        zh="设置取值的类型不对：{value}",
        en="The setting is of the wrong kind: {value}",
        remedy_zh="写成 {form} 的样子",
        remedy_en="Write it like {form}",
    ),
    "area-code-not-six-digits": Wording(
        zh="行政区划代码不是六位数字：{value}",
        en="The area code is not six digits: {value}",
        remedy_zh="填写六位行政区划代码，例如 411322",
        remedy_en="Give the six-digit area code, such as 411322",
    ),
    "timezone-unknown": Wording(
        zh="没有这个时区：{value}",
        en="No such time zone: {value}",
        remedy_zh="填写 Asia/Shanghai 之类的时区名",
        remedy_en="Give a zone name such as Asia/Shanghai",
    ),
    "speed-class-unknown": Wording(
        zh="没有这个道路等级",
        en="No such road class",
        remedy_zh="可用等级：{known}",
        remedy_en="Known classes: {known}",
    ),
    "speed-out-of-range": Wording(
        zh="速度不合理：{value}",
        en="The speed is out of range: {value}",
        remedy_zh="填写大于 0、不超过 200 的公里/小时",
        remedy_en="Give km/h above 0 and up to 200",
    ),
    "vehicle-key-unknown": Wording(
        zh="车辆里有不认识的项目",
        en="The vehicle holds an unknown key",
        remedy_zh="可用的项目：{known}",
        remedy_en="Known keys: {known}",
    ),
    "vehicle-access-unknown": Wording(
        zh="车辆通行类别不对：{value}",
        en="The vehicle's access is unknown: {value}",
        remedy_zh="写 car 或 truck",
        remedy_en="Write car or truck",
    ),
    "vehicle-goods-unknown": Wording(
        zh="不认识的危险货物类别：{value}",
        en="Unknown kind of hazardous goods: {value}",
        remedy_zh="可选（可写多个）：{known}；B 至 E 是隧道限行代码，"
        "other 指不受隧道限制的危险货物，unknown 指类别不明",
        remedy_en="Choose from {known} (several may be listed): B to E are tunnel restriction codes, other is "
        "dangerous and refused by no tunnel, unknown counts as the most dangerous",
    ),
    "vehicle-value-not-a-number": Wording(
        zh="车辆数值不是正数：{value}",
        en="The vehicle's value is not a positive number: {value}",
        remedy_zh="填写数字，单位米或吨",
        remedy_en="Give a number in metres or tonnes",
    ),
    "profile-unknown": Wording(
        zh="没有这套规则", en="No such profile", remedy_zh="可选：{choices}", remedy_en="Choose one of {choices}"
    ),
    "policy-key-unknown": Wording(
        zh="规则里有不认识的项目",
        en="The policy holds an unknown key",
        remedy_zh="可用的项目：{known}",
        remedy_en="Known keys: {known}",
    ),
    "policy-key-missing": Wording(
        zh="规则缺少必填项目", en="The policy lacks a key", remedy_zh="补上该项目", remedy_en="Add the key named"
    ),
    "policy-value-unknown": Wording(
        zh="规则取值不在可选范围：{value}",
        en="The policy's value is not among the choices: {value}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
    "policy-value-not-a-number": Wording(
        zh="规则取值不是数字：{value}",
        en="The policy's value is not a number: {value}",
        remedy_zh="填写 0 到 1000000 的数字",
        remedy_en="Give a number from 0 to 1000000",
    ),
    "policy-value-not-a-flag": Wording(
        zh="规则取值不是 true 或 false:{value}",
        en="The policy's value is neither true nor false: {value}",
        remedy_zh="写 true 或 false",
        remedy_en="Write true or false",
    ),
    "policy-value-wrong-kind": Wording(
        zh="规则取值的类型不对：{value}",
        en="The policy's value is of the wrong kind: {value}",
        remedy_zh="写成 {form} 的样子",
        remedy_en="Write it like {form}",
    ),
    "policy-list-empty": Wording(
        zh="规则里的列表是空的",
        en="The policy's list is empty",
        remedy_zh="至少写一项，例如 {form}；不要这条规则就整条删去",
        remedy_en="Name at least one, like {form}, or remove the whole rule",
    ),
    "policy-pattern-wrong": Wording(
        zh="“{value}”不是正确的正则表达式：{reason}",
        en="“{value}” is no regular expression: {reason}",
        remedy_zh="改正这个表达式，或只在 words 里写词语",
        remedy_en="Mend the expression, or write plain words under `words` instead",
    ),
    "policy-authority-unknown": Wording(
        zh="规则引用了没有登记的单位：{authority}",
        en="The policy names an authority that it does not describe: {authority}",
        remedy_zh="在 [authority.{authority}] 里登记该单位",
        remedy_en="Describe it in [authority.{authority}]",
    ),
    "place-unknown": Wording(
        zh="没有这个地点：{place}",
        en="No such place: {place}",
        remedy_zh="核对名称或编号；相近：{near}",
        remedy_en="Check the name or id; near: {near}",
    ),
    "place-ambiguous": Wording(
        zh="有多个同名地点：{place}",
        en="Several places bear this name: {place}",
        remedy_zh="改用编号：{ids}",
        remedy_en="Use an id: {ids}",
    ),
    "place-without-id": Wording(
        zh="地点没有编号", en="The place has no id", remedy_zh="填写 id", remedy_en="Give it an id"
    ),
    "place-without-kind": Wording(
        zh="地点没有类别", en="The place has no kind", remedy_zh="填写 kind", remedy_en="Give it a kind"
    ),
    "place-without-point": Wording(
        zh="地点没有坐标点",
        en="The place has no point",
        remedy_zh="geometry 写成 Point",
        remedy_en="Give it a Point geometry",
    ),
    "place-id-twice": Wording(
        zh="地点编号重复：{id}",
        en="The place id occurs twice: {id}",
        remedy_zh="每个地点用不同的编号",
        remedy_en="Give each place its own id",
    ),
    "place-value-not-a-number": Wording(
        zh="取值不是数字：{value}", en="Not a number: {value}", remedy_zh="填写数字", remedy_en="Give a number"
    ),
    "places-file-has-errors": Wording(
        zh="地点文件有 {count} 处错误，一条也没有导入",
        en="The place file has {count} faults; nothing was imported",
        remedy_zh="逐行改正后重新导入",
        remedy_en="Mend each row and import again",
    ),
    "areas-file-has-errors": Wording(
        zh="区域文件有 {count} 处错误，一条也没有导入",
        en="The area file has {count} faults; nothing was imported",
        remedy_zh="逐行改正后重新导入",
        remedy_en="Mend each row and import again",
    ),
    "area-without-id": Wording(
        zh="区域没有编号", en="The area has no id", remedy_zh="填写 id", remedy_en="Give it an id"
    ),
    "area-declared-by-other": Wording(
        zh="区域 {id} 的宣布单位（{declared_by}）不是规定的 {authority}",
        en="Area {id} is declared by {declared_by}, not by {authority}",
        remedy_zh="由规定单位宣布，或改设置里的 in_force_by",
        remedy_en="Have the named body declare it, or change in_force_by in the settings",
    ),
    "area-id-twice": Wording(
        zh="区域编号重复：{id}",
        en="The area id occurs twice: {id}",
        remedy_zh="每个区域用不同的编号",
        remedy_en="Give each area its own id",
    ),
    "area-kind-unknown": Wording(
        zh="没有这种区域：{kind}",
        en="No such kind of area: {kind}",
        remedy_zh="可选：{known}",
        remedy_en="Known: {known}",
    ),
    "area-without-polygon": Wording(
        zh="区域没有多边形",
        en="The area has no polygon",
        remedy_zh="geometry 写成 Polygon 或 MultiPolygon",
        remedy_en="Give it a Polygon or MultiPolygon",
    ),
    "area-crosses-itself": Wording(
        zh="区域边界自相交：{reason}",
        en="The area's edge crosses itself: {reason}",
        remedy_zh="在相交处改画边界",
        remedy_en="Redraw the edge at that point",
    ),
    "area-end-without-start": Wording(
        zh="区域只有结束时间，没有开始时间",
        en="The area has an end and no start",
        remedy_zh="补上开始时间",
        remedy_en="Add the start",
    ),
    "position-not-a-number": Wording(
        zh="坐标不对：{lon}，{lat}",
        en="Not a position: {lon},{lat}",
        remedy_zh="写成“经度，纬度”（WGS-84，单位度）",
        remedy_en="Write longitude,latitude in degrees (WGS-84)",
    ),
    "position-far-from-road": Wording(
        zh="该位置离最近可用道路 {distance_m} 米，超过 {most_m} 米",
        en="The position is {distance_m} m from the nearest usable road, more than {most_m} m",
        remedy_zh="改到路边的位置，或核对经纬度次序",
        remedy_en="Choose a position at a road, or check the order of longitude and latitude",
    ),
    "no-usable-road": Wording(
        zh="路网里没有该车辆可用的道路",
        en="The network has no road that this vehicle may use",
        remedy_zh="核对车辆尺寸和重量",
        remedy_en="Check the vehicle's size and weight",
    ),
    "database-url-unreadable": Wording(
        zh="数据库地址无法识别",
        en="The database URL is not understood",
        remedy_zh="写 sqlite:///文件 或 postgresql://用户@主机/库",
        remedy_en="Write sqlite:///FILE or postgresql://USER@HOST/NAME",
    ),
    "database-unreachable": Wording(
        zh="数据库无法访问：{reason}",
        en="The database cannot be reached: {reason}",
        remedy_zh="检查地址、服务和权限后重试",
        remedy_en="Check the address, the service and its permissions, then try again",
    ),
}
FINDINGS: Final[dict[str, Wording]] = {}
