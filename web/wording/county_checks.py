"""Sentences of the checks that look at the county and not at one closure; and of the list of township plans.

What K13 finds is told in `web.wording.roads`, with what else a county check finds.
"""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

#: Short names.
COUNTY_CHECKS: Final = {
    "K8": Wording(zh="关而未断", en="traffic on a closed road"),
    "K9": Wording(zh="途经为由", en="held for passing through"),
    "K10": Wording(zh="持证被拦", en="stopped with a good pass"),
    "K11": Wording(zh="绿色通道中断", en="no green channel"),
    "K12": Wording(zh="缺预案或运力", en="no plan or no reserve"),
    "K13": Wording(zh="缺接收点", en="no receiving point"),
}
FINDINGS: Final = {
    "K8": Wording(
        zh="登记为关闭的道路上仍有未获放行的车辆通过（{passages} 次），请核实。",
        en="{passages} trucks that nobody let through drove over a road registered as closed.",
        remedy_zh="到现场核实：已恢复通行的，更新登记；仍关闭的，补上值守",
        remedy_en="Look on site: where it is open again, put that on record; where it is closed, staff it",
    ),
    "K9": Wording(
        zh="有车辆在{checkpoint_name}因“{reason}”被限制通行。",
        en="A truck was held at {checkpoint_name} for a reason that may not be given: {reason}.",
        remedy_zh="立即放行，并向检查点讲明：不得以此为由限制通行",
        remedy_en="Let it pass, and tell the checkpoint that nobody may be held for this",
    ),
    "K10": Wording(
        zh="通行证有效，车辆仍未获放行：{checkpoint_name}，理由“{reason}”。",
        en="A truck was not let pass at {checkpoint_name} although its pass is good; reason given: {reason}.",
        remedy_zh="向检查点核实理由和依据；理由不成立的，放行",
        remedy_en="Ask the checkpoint for its grounds; where there are none, let the truck pass",
    ),
    "K11": Wording(
        zh="{area_name}内的枢纽“{hub_name}”没有可通的绿色通道。",
        en="The hub {hub_name} in {area_name} has no working green channel.",
        remedy_zh="恢复通道上的道路，或在“枢纽绿色通道”页另行指定一条",
        remedy_en="Open the roads of its channel again, or designate another one on the page of green channels",
    ),
    "K12": Wording(
        zh="{area_name}内的{township}没有配送预案或储备运力。",
        en="{township} lies inside {area_name} and has no distribution plan or no reserve.",
        remedy_zh="编制物流配送预案，落实储备车辆和驾驶员，并登记",
        remedy_en="Make the distribution plan, find reserve vehicles and drivers, and register both",
    ),
}
ERRORS: Final = {
    "green-channel-unknown": Wording(
        zh="没有这条绿色通道：{id}",
        en="There is no such green channel: {id}",
        remedy_zh="从绿色通道页面打开",
        remedy_en="Open it from the page of green channels",
    ),
    "hub-not-in-area-unknown": Wording(
        zh="这个枢纽不在生效中的区域内：{id}",
        en="This hub lies in no area in force: {id}",
        remedy_zh="核对区域的生效时间",
        remedy_en="Check when the area is in force",
    ),
    "green-channel-without-way": Wording(
        zh="现在没有可通的路线，不能指定",
        en="There is no way now, so none can be designated",
        remedy_zh="先恢复道路通行",
        remedy_en="Open the roads first",
    ),
    "township-plans-not-a-list": Wording(
        zh="乡镇预案清单不是列表",
        en="The list of township plans is no list",
        remedy_zh='写成 [{{"township": …, "plan": {{…}}, "reserve": {{…}}}}]',
        remedy_en='Write it as [{{"township": …, "plan": {{…}}, "reserve": {{…}}}}]',
    ),
    "township-plans-file-has-errors": Wording(
        zh="乡镇预案清单有 {count} 处错误，一条也没有导入",
        en="The list of township plans has {count} faults; nothing was imported",
        remedy_zh="逐行改正后重新导入",
        remedy_en="Mend each row and import again",
    ),
    "township-plan-without-township": Wording(
        zh="没有乡镇名称",
        en="The township is missing",
        remedy_zh="填写 township，与乡镇界的名称一致",
        remedy_en="Give `township`, as the township areas name it",
    ),
    "township-plan-twice": Wording(
        zh="{township}出现两次",
        en="{township} stands there twice",
        remedy_zh="每个乡镇只留一行",
        remedy_en="Keep one row a township",
    ),
    "township-plan-count-unusable": Wording(
        zh="数量不能使用：{value}",
        en="The number cannot be used: {value}",
        remedy_zh="填写 0 或正整数",
        remedy_en="Write 0 or a whole number above it",
    ),
    "township-of-plan-unknown": Wording(
        zh="本县没有这个乡镇：{township}",
        en="The county has no such township: {township}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
}
