"""Sentences about applications as they are filed, answered and granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "intake-unknown": Wording(
        zh="没有这份申请：{id}",
        en="No such application: {id}",
        remedy_zh="从列表里打开",
        remedy_en="Open it from the list",
    ),
    "applicant-is-office": Wording(
        zh="本县由核发单位代办申请，企业不在网上申请",
        en="In this county the office applies for firms; they do not apply here",
        remedy_zh="把材料交给核发单位",
        remedy_en="Give the papers to the issuing office",
    ),
    "application-changed": Wording(
        zh="申请 {id} 刚被 {who} 处理过",
        en="{who} has just changed application {id}",
        remedy_zh="查看现在的状态后再办理",
        remedy_en="See how it stands now, then go on",
    ),
    "application-not-open": Wording(
        zh="申请 {id} 现在的状态不能这样办理",
        en="Application {id} is in a state in which this cannot be done",
        remedy_zh="查看申请现在的状态",
        remedy_en="See how it stands now",
    ),
    "batch-unknown": Wording(
        zh="没有这次批量申请：{id}",
        en="There is no such file of applications: {id}",
        remedy_zh="从“后台事项”里打开",
        remedy_en="Open it from your work in the background",
    ),
    "account-firm-unknown": Wording(
        zh="白名单里没有这个账号的企业：{unit}",
        en="The whitelist has no firm of this account: {unit}",
        remedy_zh="请交通运输部门核对账号和白名单",
        remedy_en="Ask the transport department to check account and whitelist",
    ),
    "applications-refused": Wording(
        zh="企业不在白名单内或已移出，一条也没有提交",
        en="The firm is not on the whitelist, or was taken off it; nothing was sent",
        remedy_zh="先申报白名单",
        remedy_en="Apply for the whitelist first",
    ),
    "answer-without-text": Wording(
        zh="没有写明原因",
        en="The reason is missing",
        remedy_zh="写明原因和补正办法",
        remedy_en="Say why, and what would cure it",
    ),
    "answer-too-long": Wording(
        zh="原因有 {length} 个字，最多 {longest} 个字",
        en="The reason has {length} characters, at most {longest} are kept",
        remedy_zh="写短一些",
        remedy_en="Make it shorter",
    ),
    "answer-unknown": Wording(
        zh="没有这种答复：{value}",
        en="No such answer: {value}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
}
#: States of an application, as people say them.
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "draft": ("草稿", "draft"),
    "applied": ("待核发", "applied"),
    "returned": ("退回补正", "returned"),
    "refused": ("不予核发", "refused"),
    "granted": ("已核发", "granted"),
}
#: What happened to an application.
EVENTS: Final[Mapping[str, tuple[str, str]]] = {
    "saved": ("保存草稿", "saved"),
    "filed": ("提交申请", "filed"),
    "taken_back": ("撤回申请", "taken back"),
    "returned": ("退回补正", "returned"),
    "refused": ("不予核发", "refused"),
    "granted": ("核发", "granted"),
}
