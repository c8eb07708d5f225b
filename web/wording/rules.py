"""Names of what the table of rules is told by: policy switches and states of approval."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

#: Values of `rule` in [hard_isolation].
SWITCHES: Final = {
    "forbidden": Wording(zh="硬隔离严禁，批准也不能免", en="Hard isolation is forbidden; no approval cures it"),
    "approvable": Wording(zh="硬隔离须经批准", en="Hard isolation needs an approval"),
    "not_regulated": Wording(zh="硬隔离不作规定", en="Hard isolation is not regulated"),
}
#: States of approval in the table of rules.
APPROVALS: Final = {
    "none": Wording(zh="没有批复", en="no decision"),
    "all": Wording(zh="应批单位都已书面同意", en="all who must have approved in writing"),
    "oral": Wording(zh="应批单位都已口头同意", en="all who must have approved by phone"),
    "some": Wording(zh="应批单位只有一家同意", en="only one of those who must has approved"),
    "other_body": Wording(zh="无权批准的单位同意", en="a body that may not decide has approved"),
    "refused": Wording(zh="不同意", en="refused"),
    "withdrawn": Wording(zh="同意后撤回", en="approved, then withdrawn"),
    "ended": Wording(zh="批准已到期", en="the approval has ended"),
    "late": Wording(zh="关闭之后才同意", en="approved after it was set up"),
    "part": Wording(zh="只同意一部分路段", en="approved for a part of the road"),
}
