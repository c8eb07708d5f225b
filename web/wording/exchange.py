"""Sentences of files that are exchanged: formats, tables of closures, feeds of others."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "export-format-unknown": Wording(
        zh="看不出要写成哪种格式：{ending}",
        en="The format cannot be told from the ending {ending}",
        remedy_zh="文件名用以下结尾之一：{choices}；或用 --format 指明",
        remedy_en="End the file's name with one of {choices}, or give --format",
    ),
    "export-ending-other": Wording(
        zh="格式 {format} 不写成 {ending} 文件",
        en="The format {format} is not written to a {ending} file",
        remedy_zh="文件名用以下结尾之一：{choices}",
        remedy_en="End the file's name with one of {choices}",
    ),
    "cell-not-json": Wording(
        zh="单元格不是 JSON:{reason}",
        en="The cell is not JSON: {reason}",
        remedy_zh="一份批复可改填 authority、decision、document_no、decided_at 各栏",
        remedy_en="One decision may stand in the columns authority, decision, document_no, decided_at instead",
    ),
    "cell-not-wkt": Wording(
        zh="图形不是 WKT:{reason}",
        en="The geometry is not WKT: {reason}",
        remedy_zh="写成“LINESTRING（经度 纬度，经度 纬度）”，或改填 road_ids",
        remedy_en="Write LINESTRING (longitude latitude, ...), or fill in `road_ids`",
    ),
    "cell-not-for-xlsx": Wording(
        zh="有单元格放不进 XLSX（超过 {longest} 个字符或含控制字符）",
        en="A cell does not fit into XLSX: over {longest} characters, or a control character",
        remedy_zh="改导出为 CSV、GeoPackage 或 GeoJSON",
        remedy_en="Export CSV, GeoPackage or GeoJSON instead",
    ),
    "decision-told-twice": Wording(
        zh="批复写了两遍：decisions 和 {columns}",
        en="The decision stands twice: in decisions and in {columns}",
        remedy_zh="只保留一处",
        remedy_en="Keep one of them",
    ),
    "direction-along-without-line": Wording(
        zh="方向写 along 时要有画线",
        en="The direction `along` needs a drawn line",
        remedy_zh="沿关闭的行车方向画 LineString",
        remedy_en="Draw a LineString in the direction of travel that is closed",
    ),
    "closure-in-other-coordinates": Wording(
        zh="线不在道路上；按 {crs} 坐标则正好在道路上",
        en="The line is on no road; taken as {crs} it lies on one",
        remedy_zh="把 {crs} 坐标的行放进单独的文件，用 --crs {crs} 导入",
        remedy_en="Put the rows in {crs} into a file of their own and import it with --crs {crs}",
    ),
    "not-a-wzdx-feed": Wording(
        zh="不是 WZDx 数据",
        en="Not a WZDx feed",
        remedy_zh="提供带 feed_info 和 features 的 WZDx 4.x 文件",
        remedy_en="Give a WZDx 4.x file with `feed_info` and `features`",
    ),
    "wzdx-version-unknown": Wording(
        zh="WZDx 版本不认识：{version}",
        en="Unknown WZDx version: {version}",
        remedy_zh="可读：{choices}",
        remedy_en="These are read: {choices}",
    ),
    "not-a-closure": Wording(
        zh="不是道路关闭（{event_type}，{vehicle_impact}），未采用",
        en="No closure ({event_type}, {vehicle_impact}); left out",
    ),
    "not-matched": Wording(
        zh="不在本县道路上（最近的道路 {distance_m} 米），未采用",
        en="On no road of this county (the nearest is {distance_m} m away); left out",
    ),
    "own-closure": Wording(
        zh="本县发布的道路关闭 {closure}，登记中已有，没有再次登记",
        en="Closure {closure}, published by this county and on record already; not taken again",
    ),
    "closure-file-unknown": Wording(
        zh="没有这个文件：{name}",
        en="There is no such file: {name}",
        remedy_zh="从“报送与数据文件”页面下载",
        remedy_en="Fetch one from the page “Reports and files”",
    ),
    "edition-unknown": Wording(
        zh="没有保留这个版本的路网：{name}",
        en="The county keeps no such edition: {name}",
        remedy_zh="保留的版本：{choices}",
        remedy_en="It keeps {choices}",
    ),
    "map-is-the-same": Wording(
        zh="路网与现用的相同（版本 {edition}），没有改动",
        en="The map is the one in use (edition {edition}); nothing was changed",
        remedy_zh="提供新版的道路文件",
        remedy_en="Give a newer road file",
    ),
    "county-updated-meanwhile": Wording(
        zh="另一次更换路网先完成了（版本 {edition}），本次没有改动",
        en="Another update of the map was sooner (edition {edition}); nothing was changed",
        remedy_zh="再运行一次",
        remedy_en="Run it again",
    ),
    "county-of-another-edition": Wording(
        zh="数据库里的登记用的是版本 {edition} 的路网，县文件夹里没有（现用 {in_use}）",
        en="The records are on edition {edition} of the map, which the county folder does not keep (in use: {in_use})",
        remedy_zh="使用与数据库配套的县文件夹，或恢复与该文件夹配套的备份",
        remedy_en="Use the county folder that goes with the database, or restore the backup that goes with the folder",
    ),
    "map-was-updated": Wording(
        zh="路网已更换（版本 {edition}），本服务还在用旧版",
        en="The map was changed (edition {edition}); this server still has the old one",
        remedy_zh="稍后再试；如果一直如此，请重新启动 baotong serve",
        remedy_en="Try again in a moment; where it stays so, restart baotong serve",
    ),
    "moved-too-far": Wording(
        zh="新版路网上最近的道路离得太远",
        en="The nearest road of the newer map is too far away",
        remedy_zh="核对新版路网；确已改道的，按现状重新登记",
        remedy_en="Check the newer map; where the road was moved, register it as it is now",
    ),
    "road-of-unknown-edition": Wording(
        zh="所在的旧版路网没有保留",
        en="It is on an older map that is not kept",
        remedy_zh="把该版本的文件夹放回 editions，或按现状重新登记",
        remedy_en="Put that edition back under editions, or register it as it is now",
    ),
}
