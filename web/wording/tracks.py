"""Sentences about tracks of trucks."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "tracks-file-has-errors": Wording(
        zh="轨迹文件有 {count} 处错误，一条也没有导入",
        en="The file of tracks has {count} faults; nothing was imported",
        remedy_zh="逐行改正后重新导入",
        remedy_en="Mend each line and import again",
    ),
    "track-not-an-object": Wording(
        zh="这一行不是一个 JSON 对象",
        en="This line is no JSON object",
        remedy_zh='写成“{{"id": …, "positions": [[经度, 纬度, 时间], …]}}”',
        remedy_en='Write it as {{"id": …, "positions": [[lon, lat, time], …]}}',
    ),
    "track-without-id": Wording(
        zh="轨迹没有编号，或编号超过 {most} 个字符",
        en="The track has no id, or one of more than {most} characters",
        remedy_zh="每条轨迹给一个不重复的 id",
        remedy_en="Give each track an id of its own",
    ),
    "track-twice": Wording(
        zh="轨迹编号重复：{id}",
        en="The track id stands there twice: {id}",
        remedy_zh="每条轨迹只留一行",
        remedy_en="Keep one line a track",
    ),
    "track-vehicle-unknown": Wording(
        zh="不是免证车辆的种类：{value}",
        en="This is no kind of vehicle that needs no pass: {value}",
        remedy_zh="可选：{choices}；其他车辆不填",
        remedy_en="One of {choices}; leave it out for other vehicles",
    ),
    "track-without-positions": Wording(
        zh="轨迹点少于 2 个或多于 {most} 个",
        en="A track has 2 to {most} positions",
        remedy_zh="补齐轨迹点，或分成几条",
        remedy_en="Give the missing positions, or split the track",
    ),
    "track-position-unusable": Wording(
        zh="轨迹点不是“[经度，纬度，时间]”",
        en="A position is not [longitude, latitude, time]",
        remedy_zh="经度在前，时间带时区",
        remedy_en="Longitude first, the time with its offset",
    ),
    "track-in-future": Wording(
        zh="轨迹 {id} 的时间在将来：{latest}",
        en="The track {id} is of a time to come: {latest}",
        remedy_zh="核对手机时间和时区",
        remedy_en="Check the phone's clock and time zone",
    ),
    "track-pass-unknown": Wording(
        zh="轨迹 {id} 的证号查不到：{number}",
        en="The pass of the track {id} is not known: {number}",
        remedy_zh="核对证号；没有通行证的不填",
        remedy_en="Check the number; leave it out for a truck without a pass",
    ),
}
