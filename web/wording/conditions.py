"""Sentences about a regime's conditions; {name} is what the regime calls each."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

FINDINGS: Final = {
    "condition-missing": Wording(
        zh="{subject} 没有{name}的记录（{key}）",
        en="{subject} has no record of {name} ({key})",
        remedy_zh="补填 {path} 的 {key}",
        remedy_en="Give {key} of {path}",
    ),
    "condition-in-future": Wording(
        zh="{subject} 的{name}时间 {time} 还没到",
        en="{name} of {subject} lies in the future: {time}",
        remedy_zh="核对 {path}",
        remedy_en="Check {path}",
    ),
    "condition-expired": Wording(
        zh="{subject} 的{name}已于 {ends_at} 到期",
        en="{name} of {subject} ended at {ends_at}",
        remedy_zh="重新办理后再申请",
        remedy_en="Renew it and apply again",
    ),
    "condition-ends-before-departure": Wording(
        zh="{subject} 的{name}在出发前（{ends_at}）到期",
        en="{name} of {subject} ends before the departure ({ends_at})",
        remedy_zh="出发前重新办理，再申请",
        remedy_en="Renew it before leaving, then apply",
    ),
    "condition-failed": Wording(
        zh="{subject} 的{name}未达到要求",
        en="{name} of {subject} is not met",
        remedy_zh="换人或换车后再申请",
        remedy_en="Send somebody else",
    ),
    "condition-pending": Wording(
        zh="{subject} 的{name}结果未出",
        en="{name} of {subject} is not known yet",
        remedy_zh="等结果出来后再申请",
        remedy_en="Apply when the result is known",
    ),
    "condition-pending-alone": Wording(
        zh="{subject} 的{name}结果未出，也没有仍有效的上一次结果",
        en="{name} of {subject} is not known yet, and no earlier one is still in force",
        remedy_zh="补填上一次结果（earlier），或等结果出来",
        remedy_en="Add the earlier result, or wait for the new one",
    ),
    "proof-too-weak": Wording(
        zh="{subject} 的{name}只是“{proof}”，要求“{least}”",
        en="{name} of {subject} is only {proof}, {least} is asked",
        remedy_zh="核对证明后改填 proof",
        remedy_en="See the proof and change `proof`",
        form_zh="核对证明后，改选“证明”一项",
        form_en="See the proof, then change what kind of proof it is",
    ),
    "condition-present": Wording(
        zh="{subject}：{name}不予通行（{found}）",
        en="{subject}: {name} bars it ({found})",
        remedy_zh="去掉该项后再申请",
        remedy_en="Apply without it",
    ),
    "person-held": Wording(
        zh="{subject}：{name}，人员留在原地",
        en="{subject}: {name}, the person stays where they are",
        remedy_zh="换人接替，并联系{headquarters}",
        remedy_en="Send a replacement and call headquarters",
    ),
    "condition-follow-up": Wording(
        zh="{subject} 的{name}须补办并核查",
        en="{name} of {subject} must be completed and checked",
        remedy_zh="尽快补办",
        remedy_en="Complete it soon",
    ),
    "stay-for-review": Wording(
        zh="{subject} 有旅居史，请核查",
        en="{subject} has a stay on record: please review",
        remedy_zh="核查后处理；途经不算",
        remedy_en="Review it; passing through does not count",
    ),
}
