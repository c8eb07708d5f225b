"""Sentences of GIS files: what cannot be read of a layer, a column or a row, and what was mended."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

_NAME_LAYER: Final = (
    "在 --columns 的 [file] layer 里写明；可选：{choices}",
    "Name it: [file] layer in --columns; {choices}",
)

ERRORS: Final = {
    "road-source-not-one": Wording(
        zh="要有且只有一个道路文件",
        en="Exactly one road file is needed",
        remedy_zh="用 --osm 或 --roads 给出一个",
        remedy_en="Give either --osm or --roads",
    ),
    "columns-without-roads": Wording(
        zh="字段对应表只用于 --roads",
        en="A column mapping belongs to --roads",
        remedy_zh="去掉 --columns，或用 --roads 给出 GIS 文件",
        remedy_en="Leave out --columns, or give the GIS file with --roads",
    ),
    "gis-file-unreadable": Wording(
        zh="GIS 文件无法读取：{reason}",
        en="The GIS file cannot be read: {reason}",
        remedy_zh="提供 GeoPackage（.gpkg）、Shapefile（.shp 及同名 .dbf、.shx、.prj）或 GeoJSON",
        remedy_en="Give a GeoPackage (.gpkg), a Shapefile (.shp with its .dbf, .shx, .prj) or GeoJSON",
    ),
    "gis-file-has-errors": Wording(
        zh="GIS 文件有 {count} 处错误，没有采用任何一行",
        en="The GIS file has {count} faults; no row was taken",
        remedy_zh="改正下列各行后重新导入",
        remedy_en="Mend the rows below and import again",
    ),
    "gis-layer-unknown": Wording(
        zh="没有图层“{layer}”", en="There is no layer “{layer}”", remedy_zh=_NAME_LAYER[0], remedy_en=_NAME_LAYER[1]
    ),
    "gis-layer-not-named": Wording(
        zh="文件有几个图层，没有说明用哪一个",
        en="The file has several layers and none is named",
        remedy_zh=_NAME_LAYER[0],
        remedy_en=_NAME_LAYER[1],
    ),
    "gis-layer-without-geometry": Wording(
        zh="文件里没有带图形的图层：{choices}",
        en="No layer of the file is drawn: {choices}",
        remedy_zh="导出带图形的线图层",
        remedy_en="Export a layer of lines with its geometry",
    ),
    "gis-layer-empty": Wording(
        zh="图层“{layer}”没有一行数据",
        en="The layer “{layer}” has no rows",
        remedy_zh="核对图层和导出时的筛选条件",
        remedy_en="Check the layer, and the filter of the export",
    ),
    "gis-crs-unreadable": Wording(
        zh="文件所写的坐标系无法识别：{crs}（{reason}）",
        en="The coordinate system that the file names is not known: {crs} ({reason})",
        remedy_zh="导出为 CGCS2000 或 WGS-84 经纬度后再导入",
        remedy_en="Export it in CGCS2000 or WGS-84 degrees",
    ),
    "gis-position-not-degrees": Wording(
        zh="坐标不是经纬度：{lon}，{lat}",
        en="Not a longitude and latitude: {lon}, {lat}",
        remedy_zh="补上投影文件（.prj），核对经度在前；一个文件只用一种坐标系",
        remedy_en="Add the projection (.prj), check that longitude comes first, keep one system a file",
    ),
    "road-far-from-the-others": Wording(
        zh="这一行离其余道路很远：{lon}，{lat}",
        en="This row lies far from all others: {lon}, {lat}",
        remedy_zh="一个文件只用一种坐标系；核对经纬度次序",
        remedy_en="Keep one coordinate system a file; check the order of longitude and latitude",
    ),
    "road-layer-without-lines": Wording(
        zh="图层“{layer}”的 {rows} 行里没有一条线",
        en="None of the {rows} rows of the layer “{layer}” is a line",
        remedy_zh="选用道路中心线图层",
        remedy_en="Choose the layer of road centre lines",
    ),
    "roads-without-class": Wording(
        zh="没有写道路等级或路线编号的字段；文件的字段：{columns}",
        en="No column tells the class or the number of a road; the columns are {columns}",
        remedy_zh="在 --columns 的 [columns] 里写明 class 或 ref 对应哪个字段",
        remedy_en="Say in [columns] of --columns which one is `class` or `ref`",
    ),
    "column-not-in-layer": Wording(
        zh="对应表里 {key} 的字段“{column}”不在图层中",
        en="The mapping's column “{column}” for {key} is not in the layer",
        remedy_zh="图层的字段：{columns}",
        remedy_en="The layer has {columns}",
    ),
    "columns-file-unreadable": Wording(
        zh="字段对应表不是 TOML 文件：{reason}",
        en="The column mapping is not TOML: {reason}",
        remedy_zh='写成 [columns] 一行、ref = "路线编号" 一行的样子',
        remedy_en='Write a line [columns], then lines such as ref = "ROUTE_NO"',
    ),
    "columns-key-unknown": Wording(
        zh="对应表里不认识的项目：{key}",
        en="Unknown key in the mapping: {key}",
        remedy_zh="可用：{choices}",
        remedy_en="Use one of {choices}",
    ),
    "columns-key-not-a-table": Wording(
        zh="{key} 不是一节", en="{key} is not a table", remedy_zh="写成 [{key}]", remedy_en="Write it as [{key}]"
    ),
    "columns-value-not-text": Wording(
        zh="应当是文字：{value}", en="Should be a text: {value}", remedy_zh="加引号", remedy_en="Put it in quotes"
    ),
    "columns-snap-unusable": Wording(
        zh="snap_m 不能是 {value}",
        en="snap_m cannot be {value}",
        remedy_zh="填 0 到 {most} 的米数",
        remedy_en="Give metres from 0 to {most}",
    ),
    "columns-crossings-unknown": Wording(
        zh="crossings 不能是 {value}",
        en="crossings cannot be {value}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
    "road-class-unknown": Wording(
        zh="不认识的道路等级：{value}",
        en="Unknown road class: {value}",
        remedy_zh='在 --columns 的 [values.class] 里写 "{value}" = 下列之一：{choices}',
        remedy_en='In [values.class] of --columns say "{value}" = one of {choices}',
    ),
    "road-direction-unknown": Wording(
        zh="不认识的通行方向：{value}",
        en="Unknown word for the direction of travel: {value}",
        remedy_zh='在 --columns 的 [values.{key}] 里写 "{value}" = "both"、"forward" 或 "backward"',
        remedy_en='In [values.{key}] of --columns say "{value}" = "both", "forward" or "backward"',
    ),
    "road-flag-unknown": Wording(
        zh="看不出是还是否：{value}",
        en="Neither yes nor no: {value}",
        remedy_zh='在 --columns 的 [values.{key}] 里写 "{value}" = "yes" 或 "no"',
        remedy_en='In [values.{key}] of --columns say "{value}" = "yes" or "no"',
    ),
    "road-limit-unreadable": Wording(
        zh="限重限高等数值看不懂：{value}",
        en="The limit is not understood: {value}",
        remedy_zh="写数值（吨、米），没有限制的留空",
        remedy_en="Write a figure (tonnes, metres); leave it empty where there is no limit",
    ),
    "road-goods-unknown": Wording(
        zh="不认识的危险货物类别：{value}",
        en="Unknown kind of hazardous goods: {value}",
        remedy_zh="no 是全部禁行，yes 是放行，或写类别：{choices}（多个用分号）",
        remedy_en="no refuses all, yes none, or name the kinds: {choices} (several with semicolons)",
    ),
    "road-level-unreadable": Wording(
        zh="层位看不懂：{value}",
        en="The level is not understood: {value}",
        remedy_zh="填整数",
        remedy_en="Give a whole number",
    ),
}
#: What an import of a road file mended or left out, by the report's codes.
IMPORT_NOTES: Final = {
    "crossings-joined": Wording(zh="两条线相交处，按平面交叉连通", en="Lines that cross, joined on one level"),
    "crossings-left-apart": Wording(
        zh="两条线相交但没有共同的点，按立体交叉，不连通", en="Lines that cross without a common point, left apart"
    ),
    "crs-not-told": Wording(
        zh="文件没有写坐标系，按 --crs 采用", en="The file names no coordinate system, --crs counts"
    ),
    "end-joined-to-road": Wording(zh="线的端点在另一条线上，已连通", en="End of a line on another line, joined"),
    "ends-joined": Wording(zh="相距很近的端点，已合并", en="Points within the tolerance, joined"),
    "multi-line-split": Wording(zh="多部分线，已拆开", en="Line of several parts, split"),
    "not-a-line": Wording(zh="不是线，未采用", en="Not a line, not used"),
    "road-class-assumed": Wording(
        zh="没有等级也没有可识别的编号，按村道",
        en="Neither class nor a number that is understood, taken as a village road",
    ),
    "road-without-geometry": Wording(zh="没有图形，未采用", en="Without geometry, not used"),
    "text-read-as-gb18030": Wording(zh="文件没有写编码，按 GB18030（GBK）读取", en="Texts read as GB18030 (GBK)"),
}
