"""Sentences about closure orders: why none can be signed, and what a check of one found."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "order-without-approval": Wording(
        zh="{id} 未见批准记录，不能出具批复公示牌。",
        en="{id}: no approval on record, so no closure order can be signed.",
        remedy_zh="先由 {missing} 批复；未批复前道路保持通行。",
        remedy_en="Have it decided by {missing} first; until then the road stays open.",
    ),
    "order-danger-first": Wording(
        zh="{id} 未见批准记录：涉及人身安全的障碍可先设后报，但公示牌须在批复之后出具。",
        en="{id}: no approval on record. Danger to life lets a barrier go up first; its order is signed once decided.",
        remedy_zh="设置后 {minutes} 分钟内报 {missing} 批复，再出具公示牌。",
        remedy_en="Report it within {minutes} minutes to {missing}; sign the order when they have decided.",
    ),
    "order-for-blockage": Wording(
        zh="{id} 只是现场看到的阻断，没有关闭申请，不能出具批复公示牌。",
        en="{id} is only a blockage seen on site; nobody asked for a closure, so it has no order.",
        remedy_zh="由乡镇（街道）登记已设障碍并报批，或恢复通行。",
        remedy_en="Let the township register the barrier and request it, or reopen the road.",
    ),
    "order-hard-barrier": Wording(
        zh="{id} 是县、乡、村公路上的硬隔离，批准不能使其可设，不出具批复公示牌。",
        en="{id} is a hard barrier on a road where no approval covers one, so no order is signed.",
        remedy_zh="改为专人值守或可移动护栏，重新申请关闭道路。",
        remedy_en="Use guards or a movable barrier instead, and request the closure anew.",
    ),
    "order-record-altered": Wording(
        zh="{id} 的登记内容与台账不符，不能出具批复公示牌。",
        en="{id}: its records are not those of the history log, so no order is signed.",
        remedy_zh="先用备份恢复登记内容，再核对台账（baotong log verify）。",
        remedy_en="Restore the records from a backup first, then check the log (baotong log verify).",
    ),
    "order-code-too-long": Wording(
        zh="{id} 的内容太长，放不进二维码。",
        en="{id}: what it says does not fit into the code.",
        remedy_zh="缩短编号、网址（public_url）或批准单位的代号。",
        remedy_en="Use a shorter id, public address (public_url) or ids of authorities.",
    ),
}

#: What the register says otherwise.
WHY: Final = {
    "unknown": Wording(zh="登记里没有这份公示牌", en="the register does not hold this order"),
    "withdrawn": Wording(zh="批准已撤回", en="the approval was withdrawn"),
    "version": Wording(zh="这条关闭已有另一版", en="there is another version of this closure"),
    "closure": Wording(zh="登记的内容与此不同", en="the register says otherwise"),
    "decision": Wording(zh="登记的批准文件与此不同", en="the register holds another decision"),
    "approval": Wording(zh="批准的路段或时间与此不同", en="other roads or times are approved"),
    "altered": Wording(zh="登记内容与台账不符", en="the records are not those of the history log"),
}
NOT_OURS: Final = Wording(zh="未见批准记录：此码不是本系统出具的", en="No approval on record: this code is not ours")
#: Reasons of a verdict about an order; any other is `NOT_OURS`.
REASONS: Final = {
    "order-valid": Wording(zh="批准在案，至 {ends_at}", en="The approval is on record, until {ends_at}"),
    "order-oral": Wording(
        zh="口头批准，待补文号（{due_at} 前）", en="Approved by phone; the document number is to follow by {due_at}"
    ),
    "order-offline": Wording(
        zh="签名相符；批准是否仍有效须联网核对", en="Signed by us; whether the approval still stands needs the register"
    ),
    "order-not-yet": Wording(zh="批准从 {starts_at} 起生效", en="Approved from {starts_at} on"),
    "order-ended": Wording(zh="批准已于 {ends_at} 到期", en="The approval ended at {ends_at}"),
    "order-newer": Wording(zh="批准仍有效，另有新的文件", en="The approval stands, by a newer document"),
    "order-to-reprint": Wording(zh="公示牌已过期，批准仍有效", en="The printed order is too old; the approval stands"),
    "order-paper-overdue": Wording(
        zh="口头批准，文号未在 {due_at} 前补报", en="Approved by phone; no document number came by {due_at}"
    ),
    "order-not-on-record": Wording(zh="未见批准记录：{why}", en="No approval on record: {why}"),
    "order-log-altered": Wording(
        zh="未见批准记录：台账与公示牌印出时不同",
        en="No approval on record: the log is not the one this was printed from",
    ),
    "key-unknown": Wording(zh="签名的单位不认识", en="Signed by a key that is not known here"),
    "key-withdrawn": Wording(zh="未见批准记录：签名密钥已作废", en="No approval on record: its key was withdrawn"),
    "key-retired": Wording(zh="未见批准记录：签名密钥已停用", en="No approval on record: its key had been retired"),
    "issuer-differs": Wording(
        zh="未见批准记录：出具单位 {issuer} 不是本县", en="No approval on record: issued by {issuer}, not this county"
    ),
    "signature-wrong": Wording(
        zh="未见批准记录：签名不符，内容被改动", en="No approval on record: the signature does not fit the content"
    ),
    "type-not-ours": Wording(zh="此码不是批复公示牌", en="This code is not a closure order"),
}
STEPS: Final = {
    "keep-to-order": Wording(zh="按公示的路段和时间执行", en="Keep to the roads and times of the order"),
    "ask-register": Wording(zh="联网扫码，或打电话核实", en="Scan it online, or phone to confirm"),
    "keep-open-until": Wording(zh="到时之前道路保持通行", en="Until then the road stays open"),
    "hang-new-order": Wording(zh="换挂新的公示牌", en="Hang up the new order"),
    "ask-for-paper": Wording(zh="请批准单位补报文号", en="Ask the authority for its document number"),
    "reopen-road": Wording(zh="恢复通行并拍照登记", en="Reopen the road and register a photo"),
    "report-barrier": Wording(
        zh="请报告道路受阻，由督导检查组核实", en="Report the blocked road; supervision verifies it"
    ),
}
#: The instruction in large type.
WORDS: Final = {
    "green": Wording(zh="批准在案", en="Approval on record"),
    "amber": Wording(zh="请核对", en="Check"),
    "red": Wording(zh="未见批准记录", en="No approval on record"),
    "order-ended": Wording(zh="批准已到期", en="The approval has ended"),
    "order-not-yet": Wording(zh="尚未到关闭时间", en="Not to be closed yet"),
}
UNTIL_FURTHER_NOTICE: Final = Wording(zh="另行通知", en="further notice")
