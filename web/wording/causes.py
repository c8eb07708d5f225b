"""What a group of waiting applications has in common, in a few words; each one's own finding says the rest."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

CAUSES: Final = {
    "enterprise-not-listed": Wording(zh="{enterprise} 不在白名单内", en="{enterprise} is not on the whitelist"),
    "enterprise-removed": Wording(zh="{enterprise} 已移出白名单", en="{enterprise} was taken off the whitelist"),
    "vehicle-linked-to-no-firm": Wording(zh="车辆未登记在该企业名下", en="The vehicle is not registered with the firm"),
    "link-not-accepted": Wording(zh="此类车辆按县里规定不予核发", en="County policy gives such vehicles no pass"),
    "one-off-without-guarantee": Wording(zh="临时车辆没有企业担保", en="One-off vehicle without the firm's guarantee"),
    "round-trip-not-accepted": Wording(zh="一张证只管单程", en="A pass is for one way only"),
    "one-off-not-accepted": Wording(zh="临时车辆按县里规定不予核发", en="County policy gives one-off vehicles no pass"),
    "crew-empty": Wording(zh="没有填写司乘人员", en="Nobody is on board"),
    "driver-missing": Wording(zh="司乘人员里没有驾驶员", en="Nobody of the crew is a driver"),
    "crew-twice": Wording(zh="两人证件号码相同", en="Two persons have one identity number"),
    "crew-too-many": Wording(zh="司乘人员过多", en="Too many persons on board"),
    "departure-over": Wording(zh="出发时间已过", en="The departure is over"),
    "departure-too-far-ahead": Wording(zh="申请得太早", en="The departure is too far ahead"),
    "receiving-point-missing": Wording(zh="封闭企业没有固定接收点", en="The enclosed firm has no receiving point"),
    "no-route": Wording(zh="没有可通的路，被道路关闭 {blocking} 隔断", en="No route: cut by closures {blocking}"),
    "unreachable": Wording(zh="该车辆到不了 {destination}", en="The vehicle cannot reach {destination}"),
    "trip-too-long": Wording(zh="行程超过通行证最长时间", en="The trip is longer than a pass may last"),
    "condition-missing": Wording(zh="没有{name}的记录", en="No record of {name}"),
    "condition-in-future": Wording(zh="{name}时间还没到", en="{name} lies in the future"),
    "condition-expired": Wording(zh="{name}已到期", en="{name} has ended"),
    "condition-ends-before-departure": Wording(zh="{name}在出发前到期", en="{name} ends before the departure"),
    "condition-ends-before-arrival": Wording(zh="{name}在到达前到期", en="{name} ends before the arrival"),
    "condition-failed": Wording(zh="{name}未达到要求", en="{name} is not met"),
    "condition-pending": Wording(zh="{name}结果未出", en="{name} is not known yet"),
    "condition-pending-alone": Wording(
        zh="{name}结果未出，也没有仍有效的上一次结果", en="{name} is not known yet, and no earlier one is in force"
    ),
    "proof-too-weak": Wording(zh="{name}的证明方式达不到要求", en="{name} is proved too weakly"),
    "condition-present": Wording(zh="{name}不予通行", en="{name} bars it"),
    "person-held": Wording(zh="人员须留在原地（{name}）", en="A person must stay where they are ({name})"),
    "place-unknown": Wording(zh="地点已不在本县名录：{place}", en="The county no longer knows the place {place}"),
}
