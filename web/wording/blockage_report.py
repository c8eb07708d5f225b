"""Titles and words of the ministry's blockage report (交公路发〔2011〕183号): a Chinese form, filled in Chinese."""

from __future__ import annotations

from typing import Final

TITLES: Final = (
    "序号",
    "须上报",
    "阻断编号",
    "路线编号",
    "路线名称",
    "技术等级",
    "起点位置（经度，纬度）",
    "止点位置（经度，纬度）",
    "起止桩号",
    "阻断里程（km）",
    "阻断方向",
    "行政区划",
    "管养（申请）单位",
    "阻断类型",
    "阻断原因",
    "原因说明",
    "现场设施",
    "现场情况",
    "处置措施",
    "发现（开始）时间",
    "预计恢复时间",
    "实际恢复时间",
    "批准单位",
    "文号",
    "损失情况",
    "填报单位",
    "填报时间",
)
#: A regime's own cause is called by the regime's name.
CAUSES: Final = {
    "": "现场发现，原因待查",
    "animal": "动物疫病防控",
    "flood": "洪涝",
    "fire": "火灾",
    "hazmat": "危险化学品事故",
    "collapse": "塌方、垮塌",
    "works": "施工养护",
    "accident": "交通事故",
    "event": "重大活动",
}
DIRECTIONS: Final = {"both": "双向", "forward": "单向（道路画线方向）", "backward": "单向（道路画线反方向）"}
CLASSES: Final = {
    "expressway": "高速公路",
    "national": "国道",
    "provincial": "省道",
    "county": "县道",
    "township": "乡道",
    "village": "村道",
    "street": "城市道路",
    "track": "田间道路",
}
PHYSICAL: Final = {
    "unknown": "现场未知",
    "reported": "有人上报",
    "confirmed_blocked": "现场已阻断",
    "confirmed_open": "现场已畅通",
}
MUST: Final = "是"
MAY: Final = "否"
PLANNED: Final = "计划性"
SUDDEN: Final = "突发性"
UNTIL_FURTHER_NOTICE: Final = "待定"
NO_APPROVAL: Final = "未见批准记录"
PAPER_TO_FOLLOW: Final = "口头批准，待补文号"
CLOSED: Final = "封闭"
PASSES_GO_THROUGH: Final = "封闭，持证车辆放行"
REOPENED: Final = "已恢复通行"
