"""Words of the demo's page."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

PAGE: Final = {
    "title": Wording(zh="保通 · 演示县", en="Baotong · demo county"),
    "schematic": Wording(
        zh="示意县:地名真实,道路走向、企业、人员和道路关闭均为虚构。",
        en="Schematic county: place names are real; the courses of roads, firms, people and closures are invented.",
    ),
    "plan": Wording(zh="指定路线", en="Route"),
    "plan_line": Wording(
        zh="{origin} → {destination},{km} 公里,{minutes} 分钟", en="{origin} → {destination}, {km} km, {minutes} min"
    ),
    "stops": Wording(zh="停靠", en="Stops"),
    "arrive": Wording(zh="到达", en="arrive"),
    "pass": Wording(zh="特殊通行证", en="Special pass"),
    "number": Wording(zh="证号", en="Pass number"),
    "plate": Wording(zh="车牌", en="Plate"),
    "valid": Wording(zh="有效期", en="Valid"),
    "code": Wording(zh="通行码", en="Pass QR"),
    "copy": Wording(zh="复制通行码网址", en="Copy the pass link"),
    "copied": Wording(zh="已复制", en="Copied"),
    "verdict": Wording(zh="检查点看到的", en="What the checkpoint sees"),
    "verdict_none": Wording(zh="没有需要核对的事项", en="Nothing to check"),
    "findings": Wording(zh="道路关闭核查", en="Closures against approvals"),
    "findings_line": Wording(
        zh="共核查 {checked} 条登记,发现 {count} 个问题", en="{checked} records checked, {count} findings"
    ),
    "check": Wording(zh="检查项", en="Check"),
    "closure": Wording(zh="道路关闭", en="Closure"),
    "finding": Wording(zh="问题", en="Finding"),
    "map": Wording(zh="全县干线公路与指定路线示意图", en="Sketch of the county's main roads and the route"),
    "other_language": Wording(zh="English", en="中文"),
    "next": Wording(
        zh="接下来可以用命令行导入本县路网,见自述文件。",
        en="Next: import your own county's roads; the README says how.",
    ),
    "missing": Wording(
        zh="还没有演示结果:请先运行 baotong demo。", en="There is no demo result yet: run `baotong demo` first."
    ),
}
