"""Sentences about whitelist files and the firms in them."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "whitelist-has-errors": Wording(
        zh="白名单文件有 {count} 处错误，一条也没有导入",
        en="The whitelist file has {count} faults; nothing was imported",
        remedy_zh="逐行改正后重新导入",
        remedy_en="Mend each row and import again",
    ),
    "whitelist-enterprise-missing": Wording(
        zh="没有企业名称",
        en="The enterprise is missing",
        remedy_zh="填写企业名称",
        remedy_en="Give the enterprise's name",
    ),
    "whitelist-value-missing": Wording(
        zh="没有填写", en="The value is missing", remedy_zh="可选：{choices}", remedy_en="Choose one of {choices}"
    ),
    "whitelist-value-unknown": Wording(
        zh="取值不认识：{value}",
        en="Unknown value: {value}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
    "removal-without-reason": Wording(
        zh="移出白名单必须写明原因：{enterprise}",
        en="Taking {enterprise} off the whitelist needs its reason",
        remedy_zh="填写移出原因",
        remedy_en="Give the reason",
    ),
    "whitelist-rows-differ": Wording(
        zh="同一企业两行说法不同（另见第 {first} 行）：{values}",
        en="Two rows of one enterprise differ (see row {first}): {values}",
        remedy_zh="改成一致",
        remedy_en="Make them agree",
    ),
    "plate-twice": Wording(
        zh="车牌 {plate} 在同一企业里重复（另见第 {first} 行）",
        en="The plate {plate} occurs twice in one enterprise (see row {first})",
        remedy_zh="删去一行",
        remedy_en="Remove one row",
    ),
    "enterprise-name-twice": Wording(
        zh="两个编号用了同一企业名称：{enterprise}（另见第 {first} 行）",
        en="Two ids bear one name: {enterprise} (see row {first})",
        remedy_zh="核对编号和名称",
        remedy_en="Check ids and names",
    ),
    "enterprise-name-taken": Wording(
        zh="企业名称 {enterprise} 已属于编号 {other}",
        en="The name {enterprise} belongs to id {other}",
        remedy_zh="改用编号 {other}，或核对名称",
        remedy_en="Use the id {other}, or check the name",
    ),
    "whitelist-column-twice": Wording(
        zh="两列意思相同：{title}",
        en="Two columns mean the same: {title}",
        remedy_zh="删去一列",
        remedy_en="Remove one",
    ),
    "whitelist-column-missing": Wording(
        zh="没有“企业名称”一列：{titles}",
        en="No column names the enterprise: {titles}",
        remedy_zh="第一行写表头，其中一列为 企业名称",
        remedy_en="Put headers in the first row, one of them `enterprise`",
    ),
    "whitelist-row-too-long": Wording(
        zh="这一行有 {cells} 格，表头只有 {titles} 格",
        en="The row has {cells} cells, the header {titles}",
        remedy_zh="检查多出的逗号",
        remedy_en="Look for a stray comma",
    ),
    "whitelist-not-a-list": Wording(
        zh="文件不是企业列表",
        en="The file is no list of enterprises",
        remedy_zh='写成 [...] 或 {{"enterprises": [...]}}',
        remedy_en='Write [...] or {{"enterprises": [...]}}',
    ),
    "whitelist-row-not-object": Wording(
        zh="这一项不是企业",
        en="This item is no enterprise",
        remedy_zh="写成 {{...}}，车辆写在 vehicles 列表里",
        remedy_en="Write {{...}}, vehicles in a list `vehicles`",
    ),
    "cells-merged": Wording(
        zh="单元格 {cells} 是合并单元格",
        en="The cells {cells} are merged",
        remedy_zh="取消合并，每格各填各的值",
        remedy_en="Unmerge them and fill each cell",
    ),
    "csv-unreadable": Wording(
        zh="CSV 文件无法读取：{reason}",
        en="The CSV file cannot be read: {reason}",
        remedy_zh="检查引号，或另存为 XLSX",
        remedy_en="Check its quotes, or save it as XLSX",
    ),
    "xlsx-unreadable": Wording(
        zh="XLSX 文件无法读取，可能已损坏或不是 XLSX：{reason}",
        en="The XLSX file cannot be read, it may be damaged or no XLSX: {reason}",
        remedy_zh="用表格软件另存为 XLSX",
        remedy_en="Save it as XLSX again",
    ),
    "sheet-too-large": Wording(
        zh="表格里的单元格、合并区域或格式超过 {most} 个",
        en="The sheet has more than {most} cells, merged cells or formats",
        remedy_zh="删去数据右边和下边多余的行列与格式，或另存为 CSV",
        remedy_en="Delete the rows, columns and formats beyond the data, or save it as CSV",
    ),
    "text-unreadable": Wording(
        zh="文件编码无法识别",
        en="The file's encoding is not understood",
        remedy_zh="另存为 UTF-8 编码的 CSV",
        remedy_en="Save it as CSV in UTF-8",
    ),
    "file-too-large": Wording(
        zh="文件有 {mb} MB，最多 {most_mb} MB",
        en="The file has {mb} MB, at most {most_mb} MB are taken",
        remedy_zh="核对是否选错文件，或分成几份上传",
        remedy_en="Check that it is the right file, or part it into several",
    ),
    "file-kind-unknown": Wording(
        zh="不支持这种文件：{kind}",
        en="This kind of file is not read: {kind}",
        remedy_zh="可用：{choices}",
        remedy_en="Use one of {choices}",
    ),
}
