"""Words about passes as they are issued, renewed and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "result-not-pending": Wording(
        zh="通行证 {number} 没有待出的结果",
        en="Pass {number} waits for no result",
        remedy_zh="查看证的现状；要作废请写明原因",
        remedy_en="See the pass as it is now; to withdraw it, give the reason",
    ),
    "check-unknown": Wording(
        zh="这张证不在待复核之列：{number}",
        en="Pass {number} is not to be checked",
        remedy_zh="从待复核列表里打开",
        remedy_en="Open it from the list of drawn passes",
    ),
    "check-not-open": Wording(
        zh="通行证 {number} 已复核，或没有抽中",
        en="Pass {number} is checked already, or was not drawn",
        remedy_zh="查看待复核列表",
        remedy_en="See the list of drawn passes",
    ),
    "check-without-text": Wording(
        zh="复核要写明看了什么",
        en="A check says what was looked at",
        remedy_zh="写一句话",
        remedy_en="Write one sentence",
    ),
    "pass-numbers-used-up": Wording(
        zh="{area_code} 的证号已用完（{most}）",
        en="The pass numbers of {area_code} are used up ({most})",
        remedy_zh="联系维护者",
        remedy_en="Ask the maintainers",
    ),
    "pass-unknown": Wording(
        zh="没有这个证号：{number}",
        en="No such pass: {number}",
        remedy_zh="核对 12 位证号",
        remedy_en="Check the 12 digits",
    ),
    "pass-not-open": Wording(
        zh="通行证 {number} 现在是“{state}”，不能这样处理",
        en="Pass {number} is {state}: this cannot be done",
        remedy_zh="需要通行时重新申请",
        remedy_en="Apply anew if a pass is needed",
    ),
    "pass-state-changed": Wording(
        zh="通行证 {number} 刚被别人处理过",
        en="Somebody else has just changed pass {number}",
        remedy_zh="查看后重试",
        remedy_en="Look at it and try again",
    ),
    "reissue-changed": Wording(
        zh="通行证 {number} 的新线路刚有变动",
        en="The new route of pass {number} has just changed",
        remedy_zh="重新打开本页再看一次",
        remedy_en="Open the page again and look at it",
    ),
    "closure-hits-unknown": Wording(
        zh="没有查过道路关闭 {id} 影响的通行证",
        en="No passes were looked for because of closure {id}",
        remedy_zh="从列表里选择",
        remedy_en="Choose one of the list",
    ),
    "renewal-differs": Wording(
        zh="延期不能换企业或车辆：原为 {before}，现为 {now}",
        en="A renewal is for the same firm and vehicle: it was {before}, now {now}",
        remedy_zh="换企业或车辆请另行申请",
        remedy_en="Apply for another pass",
    ),
    "route-unchanged": Wording(
        zh="通行证 {number} 的指定路线没有变化，原证仍然有效",
        en="The route of pass {number} is the same as before: the pass stays good",
        remedy_zh="需要延长有效期请办延期",
        remedy_en="Renew it where it has to last longer",
    ),
    "withdrawal-without-reason": Wording(
        zh="作废必须写明原因", en="A withdrawal needs its reason", remedy_zh="填写 --reason", remedy_en="Give --reason"
    ),
    "enterprise-unknown": Wording(
        zh="企业库里没有“{enterprise}”",
        en="No firm is called “{enterprise}”",
        remedy_zh="从白名单里选企业",
        remedy_en="Choose a firm of the whitelist",
    ),
    "review-without-reason": Wording(
        zh="必须写明原因",
        en="The reason is missing",
        remedy_zh="写明原因",
        remedy_en="Give the reason",
    ),
    "review-unknown": Wording(
        zh="“{firm}”没有待复核的通行证，可能已由他人处理",
        en="No passes of “{firm}” wait to be looked at; somebody may have been faster",
        remedy_zh="重新打开列表",
        remedy_en="Open the list again",
    ),
    "review-outcome-unknown": Wording(
        zh="不认识的处理结果“{value}”",
        en="There is no such answer: “{value}”",
        remedy_zh="从这些里选：{choices}",
        remedy_en="Choose among {choices}",
    ),
    "suspension-without-reason": Wording(
        zh="暂停和恢复必须写明原因",
        en="Suspending a pass, and letting it go on, needs its reason",
        remedy_zh="填写 --reason",
        remedy_en="Give --reason",
    ),
}
#: Values of facts that a sentence names, as people say them.
VALUES: Final[Mapping[str, tuple[str, str]]] = {
    "own": ("自有", "own"),
    "contracted": ("固定外协", "contracted"),
    "one_off": ("临时", "one-off"),
    "declared": ("本人申报", "declared"),
    "seen": ("已看证明", "seen"),
    "imported": ("系统导入", "imported"),
    "driver": ("驾驶员", "driver"),
    "rider": ("随车人员", "rider"),
    "negative": ("阴性", "negative"),
    "pending": ("待出结果", "not known yet"),
    "positive": ("阳性", "positive"),
}
#: What a stop of a route is for.
STOPS: Final[Mapping[str, tuple[str, str]]] = {
    "origin": ("出发", "origin"),
    "via": ("途中停靠", "stop"),
    "sampling": ("采样", "sampling"),
    "seen": ("改线时所在位置", "where it was when re-routed"),
    "destination": ("送达", "destination"),
    "return": ("返回", "return"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "granted": ("有效", "granted"),
    "replaced": ("已换发", "replaced"),
    "withdrawn": ("已作废", "withdrawn"),
    "suspended": ("已暂停", "suspended"),
    "expired": ("已过期", "expired"),
    "completed": ("已完成", "completed"),
}
BECAUSE: Final[Mapping[str, tuple[str, str]]] = {
    "planned-end": ("计划到达后留有余地", "planned end and some grace"),
    "max-hours": ("通行证最长时间", "the longest a pass may last"),
    "closure-begins": ("届时线路上有道路关闭", "a closure on the route begins then"),
}
EVENTS: Final[Mapping[str, tuple[str, str]]] = {
    "issued": ("核发", "issued"),
    "renewed": ("延期", "renewed"),
    "replanned": ("改线换发", "replaced on another route"),
    "replaced": ("换发", "replaced"),
    "withdrawn": ("作废", "withdrawn"),
    "suspended": ("暂停", "suspended"),
    "resumed": ("恢复", "good again"),
    "signed_again": ("换用新密钥重新签发", "signed again with another key"),
    "drawn": ("抽中，待复核", "drawn for a check"),
    "checked": ("已复核", "checked, in order"),
    "cut": ("线路被关闭影响", "its route is cut"),
    "rerouted": ("道路关闭改线换发", "a new route because of a closure"),
    "code_ended": ("旧码停用", "the old code is good no more"),
    "route_changes": ("已备好新线路", "a new route is ready"),
    "rematched": ("已对应到新版路网", "brought onto a newer map"),
    "received": ("扫码签收", "received by code"),
    "completed": ("车次结束", "trip over"),
    "certified": ("出具闭环行程证明", "closed-loop certificate"),
    "uncertified": ("收回闭环行程证明", "certificate taken back"),
}
#: What a step of a trace is.
TRACE_STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "planned": ("计划", "planned"),
    "at_checkpoint": ("检查点", "checkpoint"),
    "stop_needed": ("途中停车", "stop on the way"),
    "road_reported": ("上报道路受阻", "road reported"),
    "received": ("扫码签收", "received by code"),
    "trip_ended": ("车次结束", "trip over"),
    "stood": ("停留", "stood"),
    "off_route": ("偏离线路", "off its route"),
    "near_place": ("经过或停靠", "passed or stopped at"),
}
