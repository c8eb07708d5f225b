"""Sentences of the closure desks: why a request, a decision or a step of a ticket is not taken."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

FINDINGS: Final = {
    "no-body-decides": Wording(
        zh="本县规则没有写明谁来批准这种关闭（原因与公路等级）。",
        en="The county's rules name nobody who may approve this cause on this class of road.",
        remedy_zh="换一个原因，或请在 county.toml 里补上批准规则",
        remedy_en="Choose another cause, or have an approval rule added to county.toml",
        form_zh="换一个原因，或请系统管理员为它补上批准规则",
        form_en="Choose another cause, or ask whoever runs this site for an approval rule",
    ),
}
ERRORS: Final = {
    "local-time-unreadable": Wording(
        zh="看不懂这个时间：{value}",
        en="This time cannot be read: {value}",
        remedy_zh="写成 2022-06-22T08:00 的样子",
        remedy_en="Write it like 2022-06-22T08:00",
    ),
    "request-start-missing": Wording(
        zh="没有填开始时间",
        en="The start is missing",
        remedy_zh="填写何时开始关闭",
        remedy_en="Say when it is to begin",
    ),
    "request-start-past": Wording(
        zh="不能申请已经过去的时间",
        en="A closure cannot begin before now",
        remedy_zh="已经设障的，请改用“登记已设障碍”；否则填写以后的时间",
        remedy_en="If the barrier stands already, register it as an existing barrier; else choose a later time",
    ),
    "request-reason-missing": Wording(
        zh="没有填理由",
        en="The reason is missing",
        remedy_zh="写明为什么要关闭",
        remedy_en="Say why the road is closed",
    ),
    "barrier-start-missing": Wording(
        zh="没有填设障时间",
        en="It is not said since when the barrier stands",
        remedy_zh="填写何时设的，不确定就填大约时间",
        remedy_en="Say when it was put up; about when is enough",
    ),
    "barrier-start-future": Wording(
        zh="设障时间还没有到",
        en="The barrier would only go up later",
        remedy_zh="以后才设的，请改用“申请关闭道路”",
        remedy_en="For one to come, request a closure instead",
    ),
    "barrier-end-past": Wording(
        zh="填的结束时间已经过去",
        en="The end has passed already",
        remedy_zh="还在的障碍不填结束时间，或填预计恢复通行的时间",
        remedy_en="Leave the end empty, or say when the road is expected to be open again",
    ),
    "barrier-missing": Wording(
        zh="没有选障碍的种类",
        en="It is not said what stands on the road",
        remedy_zh="选择现场看到的设施",
        remedy_en="Choose what is seen on site",
    ),
    "closure-line-unreadable": Wording(
        zh="画的线读不出来",
        en="The drawn line cannot be read",
        remedy_zh="在地图上重画，或改为选道路",
        remedy_en="Draw it anew on the map, or pick roads instead",
    ),
    "road-part-unreadable": Wording(
        zh="看不懂这一行：{value}",
        en="This line cannot be read: {value}",
        remedy_zh="每行写一条道路编号，部分路段写成 编号@200-850（米）",
        remedy_en="One road id a line; for a part write: id@200-850 (metres)",
    ),
    "road-part-reversed": Wording(
        zh="起点不在终点之前：{value}",
        en="The part does not begin before it ends: {value}",
        remedy_zh="写成 编号@起点-终点（米），起点较小",
        remedy_en="Write: id@from-to (metres), the smaller number first",
    ),
    "road-part-beyond-road": Wording(
        zh="路段超出了道路 {road_id} 的长度（{length_m} 米）",
        en="The part goes beyond road {road_id}, which is {length_m} m long",
        remedy_zh="终点不要超过 {length_m}",
        remedy_en="End it at {length_m} at most",
    ),
    "roads-of-another-township": Wording(
        zh="有道路不在本乡镇（街道）：{road_ids}",
        en="Some roads are not in this township: {road_ids}",
        remedy_zh="只选本乡镇（街道）的道路，其余由所在乡镇（街道）申请",
        remedy_en="Choose roads of your own township; the others are for theirs to request",
    ),
    "closure-unknown": Wording(
        zh="没有这条登记：{id}", en="Nothing is registered as {id}", remedy_zh="核对编号", remedy_en="Check the number"
    ),
    "closure-changed": Wording(
        zh="您打开后，别人已经改动了 {id}",
        en="Somebody changed {id} after you opened it",
        remedy_zh="先看清新的情况，再决定",
        remedy_en="See what changed, then decide",
    ),
    "closure-not-decidable": Wording(
        zh="{id} 只是现场看到的阻断，没有人申请关闭，无从批复",
        en="{id} is only a blockage that was seen; nobody asked for a closure",
        remedy_zh="请责任单位登记并申请，或恢复通行",
        remedy_en="Have the responsible unit register and request it, or reopen the road",
    ),
    "decided-by-unnamed-body": Wording(
        zh="{decided_by_name}不在有权批准的名单内",
        en="{decided_by_name} is not among those who may decide",
        remedy_zh="请有权批准的单位批复：{required_names}",
        remedy_en="Those who may: {required_names}",
    ),
    "oral-approval-not-accepted": Wording(
        zh="按规则，这种关闭不能口头批准",
        en="The rule takes no oral approval for this closure",
        remedy_zh="填写文号，作书面批复",
        remedy_en="Decide in writing, with a document number",
    ),
    "document-number-missing": Wording(
        zh="没有填文号",
        en="The document number is missing",
        remedy_zh="填写文号；文号还没有的，选“口头批准，待补文号”",
        remedy_en="Give the number; if there is none yet, choose the oral approval, paper to follow",
    ),
    "nothing-to-withdraw": Wording(
        zh="没有可以撤回的批准",
        en="There is no approval of yours to withdraw",
        remedy_zh="尚未批准的，选“不同意”",
        remedy_en="Refuse a request that is not approved yet",
    ),
    "closure-is-over": Wording(
        zh="申请的时间已经过去，无法再批准",
        en="The time that was asked for is over",
        remedy_zh="请乡镇（街道）重新申请",
        remedy_en="Have the township request it anew",
    ),
    "part-longer-than-asked": Wording(
        zh="比申请的范围多出 {over_m} 米",
        en="This is {over_m} m more than was asked for",
        remedy_zh="只能同意申请的全部或一部分",
        remedy_en="Approve all or a part of what was asked",
    ),
    "approval-outside-asked": Wording(
        zh="同意的时间超出了申请的时间",
        en="The approved time goes beyond the time asked for",
        remedy_zh="只能同意申请时间的全部或一部分",
        remedy_en="Approve all or a part of the time that was asked for",
    ),
    "approval-start-past": Wording(
        zh="不能从已经过去的时间起同意",
        en="Nothing is approved for the time before the decision",
        remedy_zh="填写现在以后的时间",
        remedy_en="Choose a time from now on",
    ),
    "ticket-step-unknown": Wording(
        zh="没有这一步：{value}", en="No such step: {value}", remedy_zh="可选：{choices}", remedy_en="One of {choices}"
    ),
    "ticket-step-out-of-turn": Wording(
        zh="现在还不能走这一步",
        en="This step cannot be taken now",
        remedy_zh="按“交办、办结、核查销号”的顺序办理",
        remedy_en="First it is sent, then resolved, then verified and closed",
    ),
    "ticket-without-unit": Wording(
        zh="没有填责任单位",
        en="The responsible unit is missing",
        remedy_zh="写明由谁办理",
        remedy_en="Say who is to resolve it",
    ),
    "ticket-of-another-unit": Wording(
        zh="这个问题由{unit}办理",
        en="This is for {unit} to resolve",
        remedy_zh="请责任单位答复",
        remedy_en="Leave the answer to the responsible unit",
    ),
    "ticket-own-closing": Wording(
        zh="自己办理的问题，不能自己核查销号",
        en="Nobody verifies and closes their own ticket",
        remedy_zh="请另一单位的人现场核查",
        remedy_en="Somebody of another unit must verify it on site",
    ),
    "ticket-note-missing": Wording(
        zh="没有写情况说明",
        en="The note is missing",
        remedy_zh="写明做了什么、现场看到什么",
        remedy_en="Say what was done, or what was seen on site",
    ),
    "ticket-still-blocked": Wording(
        zh="现场仍然阻断，不能销号",
        en="The road is still blocked, so the ticket stays open",
        remedy_zh="退回责任单位继续办理",
        remedy_en="Return it to the responsible unit",
    ),
    "ticket-unit-unknown": Wording(
        zh="没有这个责任单位：{unit}",
        en="There is no such unit: {unit}",
        remedy_zh="从名单里选一个单位",
        remedy_en="Choose one of the list",
    ),
    "ticket-sight-missing": Wording(
        zh="没有写现场看到的情况",
        en="It is not said what is to be seen on site",
        remedy_zh="选择现场情况",
        remedy_en="Say what is to be seen on site",
    ),
    "ticket-photo-missing": Wording(
        zh="没有现场照片",
        en="The photo from the site is missing",
        remedy_zh="到现场拍照上传",
        remedy_en="Take a photo on site and send it along",
    ),
    "ticket-not-open": Wording(
        zh="批准已到期，道路要恢复通行才能办结",
        en="The approval has ended; it is resolved only once the road is open",
        remedy_zh="恢复通行后拍照办结；确需继续关闭的，先报批",
        remedy_en="Reopen the road and show it; where it must stay closed, have that approved first",
    ),
    "ticket-group-empty": Wording(
        zh="一个问题都没有勾选",
        en="No ticket is ticked",
        remedy_zh="勾选要一并答复的问题",
        remedy_en="Tick those to answer together",
    ),
    "ticket-group-too-large": Wording(
        zh="一次最多答复 {most} 个问题，勾选了 {count} 个",
        en="At most {most} tickets are answered together, {count} are ticked",
        remedy_zh="分几次答复",
        remedy_en="Answer them in parts",
    ),
    "reopening-photo-missing": Wording(
        zh="没有恢复通行的照片",
        en="The photo of the open road is missing",
        remedy_zh="到现场拍一张道路已畅通的照片",
        remedy_en="Take a photo on site that shows the road open",
    ),
    "ticket-changed": Wording(
        zh="您打开后，别人已经办理了这个问题",
        en="Somebody handled this finding after you opened it",
        remedy_zh="先看清新的情况，再办理",
        remedy_en="See what changed, then go on",
    ),
}
