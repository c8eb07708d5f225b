"""Sentences about trips: positions from a phone, receipts by code, closed loops, and certificates that are checked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from web.wording.wording import Wording

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from passes.verifying.verdicts import Reason

ERRORS: Final = {
    "burst-too-large": Wording(
        zh="一次发送的内容过大",
        en="Too much was sent at once",
        remedy_zh="每次最多 {most_kb} KB，分几次发送",
        remedy_en="Send at most {most_kb} kB at a time, in several parts",
    ),
    "burst-not-an-object": Wording(
        zh="发送的内容不是一个 JSON 对象",
        en="What was sent is no JSON object",
        remedy_zh='写成 {{"track": …, "sent_at": …, "points": […]}}',
        remedy_en='Write it as {{"track": …, "sent_at": …, "points": […]}}',
    ),
    "mark-unreadable": Wording(
        zh="发送的确认不可用",
        en="What was confirmed cannot be read",
        remedy_zh='写成“{{"mark": "received" 或 "ended", "code": …, "position": …, "kept_s": …}}”，时间不超过 31 天',
        remedy_en='Write {{"mark": "received" or "ended", "code": …, "position": …, "kept_s": …}}, of the last 31 days',
    ),
    "burst-track-unusable": Wording(
        zh="轨迹名称不可用",
        en="The name of the recording cannot be used",
        remedy_zh="用 8 至 64 个字母或数字；每次记录一个名称，一个名称只属于一张通行证",
        remedy_en="8 to 64 letters or digits; one name a recording, and a recording belongs to one pass",
    ),
    "burst-without-points": Wording(
        zh="没有轨迹点",
        en="There are no positions",
        remedy_zh="points 至少一个",
        remedy_en="Give at least one in points",
    ),
    "burst-too-many-points": Wording(
        zh="轨迹点过多：{count} 个",
        en="Too many positions: {count}",
        remedy_zh="每次最多 {most} 个，分几次发送",
        remedy_en="Send at most {most} at a time",
    ),
    "burst-datum-unusable": Wording(
        zh="不认识的坐标系：{value}",
        en="This coordinate system is not known: {value}",
        remedy_zh="可选：{choices}",
        remedy_en="One of {choices}",
    ),
    "point-unusable": Wording(zh="轨迹点的数值不可用", en="A value of this position cannot be used"),
    "point-in-future": Wording(zh="轨迹点的时间在将来", en="This position is of a time to come"),
    "point-outside-pass": Wording(zh="轨迹点不在通行证的时间内", en="This position is not of the pass's time"),
    "point-too-far": Wording(zh="轨迹点离本县过远", en="This position is too far from the county"),
    "receipt-code-unreadable": Wording(
        zh="这不是接收点的码",
        en="This is no code of a receiving point",
        remedy_zh="请扫接收点张贴的码，或输入码下的 24 位字母和数字",
        remedy_en="Scan the code that hangs at the receiving point, or type the 24 letters and digits below it",
    ),
    "receipt-code-unknown": Wording(
        zh="接收点的码已更换或不存在",
        en="This code was replaced or never given",
        remedy_zh="请扫新张贴的码，或致电接收点",
        remedy_en="Scan the newer code, or phone the receiving point",
    ),
    "receipt-elsewhere": Wording(
        zh="这里是{name}，不是本证的目的地",
        en="This is {name}, not where your pass leads",
        remedy_zh="请前往{goal}",
        remedy_en="Drive to {goal}",
    ),
    "receipt-too-far": Wording(
        zh="手机位置离这里 {km} 公里",
        en="Your phone is {km} km away from here",
        remedy_zh="到达后再扫码；定位不准时请打开精确定位",
        remedy_en="Scan when you are there; turn exact positions on if your phone is wrong",
    ),
    "receipt-outside-pass": Wording(
        zh="不在通行证的有效时间内",
        en="The pass is not valid at this time",
        remedy_zh="请联系本企业物流员延期",
        remedy_en="Ask your dispatcher to renew the pass",
    ),
    "trip-not-received": Wording(
        zh="货物还没有签收",
        en="The goods have not been received yet",
        remedy_zh="先在目的地扫接收点的码",
        remedy_en="Scan the receiving point's code at the destination first",
    ),
    "place-code-unknown": Wording(
        zh="没有这个接收点的码",
        en="There is no such code",
        remedy_zh="请扫接收点新张贴的码",
        remedy_en="Scan the newer code that hangs at the receiving point",
    ),
    "trip-here-unknown": Wording(
        zh="这台手机上没有到这里的通行证",
        en="This phone holds no pass for this place",
        remedy_zh="请先打开收到的通行证链接，再扫码",
        remedy_en="Open the link of your pass first, then scan again",
    ),
    "loop-not-over": Wording(zh="车次还没有结束", en="The trip is not over yet"),
    "loop-left": Wording(zh="车次曾偏离指定路线，不出具证明", en="The truck left its route: there is no certificate"),
    "loop-cannot-tell": Wording(
        zh="无法判断是否全程在线路内，不出具证明",
        en="Nobody can tell whether the route was kept: there is no certificate",
    ),
}
#: Why nobody of ours vouches for a certificate, and what else is said of one.
NOT_OURS: Final = Wording(zh="此码不是本系统出具的闭环行程证明", en="This code is no closed-loop certificate of ours")
LOOP_REASONS: Final = {
    "loop-kept": Wording(zh="证明在案：全程在线路内", en="On record: the truck never left its route"),
    "loop-signed": Wording(zh="签名相符：全程在线路内", en="Signed by us: the truck never left its route"),
    "loop-old": Wording(zh="证明已于 {expires_at} 过期", en="The certificate ended at {expires_at}"),
    "loop-clock": Wording(zh="手机时间早于签发时间", en="This clock is behind the time of signing"),
    "loop-not-on-record": Wording(
        zh="登记里没有这份证明，或已收回", en="The register does not hold this certificate, or no more"
    ),
    "key-unknown": Wording(zh="签名的单位不认识", en="Signed by a key that is not known here"),
    "key-withdrawn": Wording(zh="签名密钥已作废", en="Its key was withdrawn"),
    "key-retired": Wording(zh="签名密钥已停用", en="Its key had been retired"),
    "issuer-differs": Wording(zh="出具单位 {issuer} 不是本县", en="Issued by {issuer}, not by this county"),
    "signature-wrong": Wording(zh="签名不符，内容被改动", en="The signature does not fit the content"),
}
LOOP_STEPS: Final = {
    "accept-certificate": Wording(zh="可以采信", en="It can be relied on"),
    "ask-register": Wording(zh="请联系出具单位核实", en="Ask the issuer"),
    "set-clock": Wording(zh="请先校准手机时间", en="Set the phone's clock first"),
    "ask-issuer": Wording(zh="不要采信，请联系出具单位", en="Do not rely on it; ask the issuer"),
}
#: The answer in large type.
LOOP_WORDS: Final = {
    "green": Wording(zh="全程在线路内", en="Never left its route"),
    "amber": Wording(zh="请核对", en="Check"),
    "red": Wording(zh="不是有效证明", en="No valid certificate"),
}


def loop_reason(reason: Reason, lang: str, zone: ZoneInfo) -> tuple[str, str]:
    """Return the sentence of a reason, and what to do next."""
    facts = {
        name: f"{value.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
        for name, value in reason.facts.items()
    }
    return LOOP_REASONS.get(reason.code, NOT_OURS).text(lang, facts), LOOP_STEPS[reason.next].text(lang, facts)
