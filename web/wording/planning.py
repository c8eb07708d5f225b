"""Sentences about what-ifs and long work."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "hub-unknown": Wording(
        zh="这不是本县的枢纽或入县口：{id}",
        en="This is no hub or entry point of the county: {id}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
    "job-unknown": Wording(
        zh="没有这项后台工作：{id}",
        en="There is no such work in the background: {id}",
        remedy_zh="核对链接，或从列表里打开",
        remedy_en="Check the link, or open it from the list",
    ),
    "job-lost": Wording(
        zh="这项后台工作已由别的程序接手或已经结束",
        en="Another process has taken this work over, or it has ended",
        remedy_zh="刷新页面看最新进度",
        remedy_en="Reload the page to see how far it is",
    ),
    "job-given-up": Wording(
        zh="试了 {attempts} 次都中断，已停止",
        en="It broke off {attempts} times and was given up",
        remedy_zh="缩小范围后重新开始；仍然中断请把服务记录交给维护人员",
        remedy_en="Start again with less; if it breaks off again, give the server's log to whoever maintains it",
    ),
    "plan-unknown": Wording(
        zh="没有这个推演：{id}",
        en="There is no such what-if: {id}",
        remedy_zh="核对链接，或从推演列表里打开",
        remedy_en="Check the link, or open it from the list of what-ifs",
    ),
    "plan-adopted-already": Wording(
        zh="这个推演已经生成过关闭申请",
        en="Requests have been made from this what-if already",
        remedy_zh="在推演页面查看已生成的申请；要改就重新推演",
        remedy_en="See the requests on its page; to change something, run it again",
    ),
    "plan-not-answered": Wording(
        zh="这个推演还没有结果",
        en="This what-if has no answer yet",
        remedy_zh="等它算完再打开",
        remedy_en="Wait until it is done",
    ),
    "plan-without-posts": Wording(
        zh="这个推演不需要设值守点，没有可以申请的关闭",
        en="This what-if needs no post: there is nothing to ask for",
        remedy_zh="去掉通道口或扩大区域后重新推演",
        remedy_en="Take gates away or draw a larger area, and run it again",
    ),
    "plan-roads-changed": Wording(
        zh="推演之后路网已更新，值守点对不上了",
        en="The county's roads have changed since: the posts are not where they were",
        remedy_zh="重新推演一次再生成申请",
        remedy_en="Run it again, then hand it in",
    ),
    "plan-name-missing": Wording(
        zh="没有写推演名称", en="The what-if has no name", remedy_zh="填写名称", remedy_en="Give it a name"
    ),
    "move-out-of-range": Wording(
        zh="外移距离要在 0 到 {most} 公里之间：{value}",
        en="The line may move between 0 and {most} km, not {value}",
        remedy_zh="改成范围内的数",
        remedy_en="Choose a distance within that",
    ),
    "inside-share-out-of-range": Wording(
        zh="路段算作区内的比例要在 0 到 1 之间（不含 1）：{value}",
        en="The share from which a road counts as inside must be from 0 to below 1: {value}",
        remedy_zh="一般用 0.5",
        remedy_en="0.5 is usual",
    ),
    "structures-unknown": Wording(
        zh="桥梁隧道的算法不对：{value}",
        en="What bridges and tunnels count as is unknown: {value}",
        remedy_zh="可用：{choices}",
        remedy_en="Use one of {choices}",
    ),
    "gate-road-unknown": Wording(
        zh="通道口的路段不存在：{road_id}",
        en="There is no such road for a gate: {road_id}",
        remedy_zh="从地图或边界路口表里选",
        remedy_en="Pick it on the map or from the roads over the edge",
    ),
    "area-missing": Wording(
        zh="没有给出区域",
        en="No area is given",
        remedy_zh="在地图上画，或上传 GeoJSON，或勾选乡镇",
        remedy_en="Draw it, upload GeoJSON, or tick townships",
    ),
    "area-too-long": Wording(
        zh="区域文件太大，最多 {most} 个字符",
        en="The area is too long: {most} characters at most",
        remedy_zh="减少边界点后再上传",
        remedy_en="Use fewer corner points",
    ),
    "area-zero-size": Wording(
        zh="区域没有面积",
        en="The area encloses nothing",
        remedy_zh="至少画三个不在一条线上的点",
        remedy_en="Draw at least three corners that are not in one line",
    ),
    "area-position-unusable": Wording(
        zh="区域里有不是经纬度的数",
        en="A corner of the area is no longitude and latitude",
        remedy_zh="用 WGS-84 经纬度，经度在前",
        remedy_en="Use WGS-84 degrees, longitude first",
    ),
    "area-outside-county": Wording(
        zh="区域不在本县：离最近的道路 {far_km} 公里",
        en="The area lies outside the county, {far_km} km from its roads",
        remedy_zh="核对坐标（经度在前），或重新画",
        remedy_en="Check the coordinates (longitude first), or draw it anew",
    ),
    "area-without-roads": Wording(
        zh="区域里没有道路",
        en="No road lies in the area or crosses its edge",
        remedy_zh="把区域画大一些",
        remedy_en="Draw it larger",
    ),
    "job-cancelled": Wording(
        zh="已取消", en="It was cancelled", remedy_zh="需要时重新开始", remedy_en="Start it again when you need it"
    ),
    "job-kind-unknown": Wording(
        zh="这个版本不会做这种工作：{kind}",
        en="This version cannot do this kind of work: {kind}",
        remedy_zh="让所有服务程序用同一版本",
        remedy_en="Let all processes run the same version",
    ),
}
