"""What a driver reads in a message, sentences about outlets, and what went wrong at an attempt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from web.wording.wording import Wording

#: Occasion -> the whole text; a message names no person and gives no reason: the page behind the link does.
TEXTS: Final[Mapping[str, Wording]] = {
    "issued": Wording(
        zh="{issuer}：{plate} 的通行证已核发，证号 {number}。打开并出示：{link}",
        en="{issuer}: the pass of {plate} is issued, number {number}. Open and show it: {link}",
    ),
    "renewed": Wording(
        zh="{issuer}：{plate} 的通行证已延期，证号 {number}。请出示新证：{link}",
        en="{issuer}: the pass of {plate} is renewed, number {number}. Show the new one: {link}",
    ),
    "replaced": Wording(
        zh="{issuer}：{plate} 的线路已换，证号 {number}。停车后打开新证：{link}",
        en="{issuer}: the route of {plate} has changed, number {number}. When parked, open the new pass: {link}",
    ),
    "signed_again": Wording(
        zh="{issuer}：{plate} 的通行证换了新码，旧码和旧纸质证不再有效，证号 {number}。打开新证：{link}",
        en="{issuer}: the pass of {plate} has a new code, older codes and prints are void, number {number}: {link}",
    ),
    "withdrawn": Wording(
        zh="{issuer}：{plate} 的通行证已作废，证号 {number}。请联系企业：{link}",
        en="{issuer}: the pass of {plate} is withdrawn, number {number}. Ask your firm: {link}",
    ),
    "suspended": Wording(
        zh="{issuer}：{plate} 的通行证暂停使用，证号 {number}。请在安全处停车并联系企业：{link}",
        en="{issuer}: the pass of {plate} is suspended, number {number}. Park safely and ask your firm: {link}",
    ),
    "resumed": Wording(
        zh="{issuer}：{plate} 的通行证恢复使用，证号 {number}。{link}",
        en="{issuer}: the pass of {plate} is good again, number {number}. {link}",
    ),
    "cut": Wording(
        zh="{issuer}：{plate} 的线路前方有道路关闭，证号 {number}。请在安全处停车，等候新线路：{link}",
        en="{issuer}: a road of {plate}'s route is closed, number {number}. Park safely, await a new route: {link}",
    ),
}
ERRORS: Final = {
    "outlet-address-unsafe": Wording(
        zh="短信出口的地址不安全或不能用：{value}",
        en="The outlet's address is unsafe or unusable: {value}",
        remedy_zh="写 https:// 地址；只有本机地址可以用 http://",
        remedy_en="Write an https:// address; http:// only to this machine itself",
    ),
    "outlet-id-twice": Wording(
        zh="两个短信出口用了同一个编号：{id}",
        en="Two outlets have the same id: {id}",
        remedy_zh="给每个出口各自的编号",
        remedy_en="Give each outlet an id of its own",
    ),
    "outlet-without-body": Wording(
        zh="短信出口 {id} 没有写报文格式",
        en="SMS outlet {id} has no template",
        remedy_zh="在 body 里写网关要的项目，用 {{phone}} 和 {{text}} 表示号码和正文",
        remedy_en="Write what the gateway wants into body, with {{phone}} and {{text}}",
    ),
    "outlet-placeholder-unknown": Wording(
        zh="报文格式里有不认识的代号：{value}",
        en="The template names something unknown: {value}",
        remedy_zh="可用的代号：{known}",
        remedy_en="It may name: {known}",
    ),
    "outlet-secret-missing": Wording(
        zh="没有短信出口的密钥文件",
        en="The outlet's secret file is missing",
        remedy_zh="建立该文件，权限 0600",
        remedy_en="Make the file, mode 0600",
    ),
    "outlet-secret-too-open": Wording(
        zh="短信出口的密钥文件别人也能读（{mode}）",
        en="Others may read the outlet's secret file ({mode})",
        remedy_zh="把权限改为 0600",
        remedy_en="Set its mode to 0600",
    ),
    "outlet-secret-unreadable": Wording(
        zh="短信出口的密钥文件读不出（{reason}）",
        en="The outlet's secret file cannot be used ({reason})",
        remedy_zh="写一行 16 个以上的字母数字",
        remedy_en="Write one line of 16 or more letters and digits",
    ),
    "message-unknown": Wording(
        zh="没有这条短信：{id}",
        en="No such message: {id}",
        remedy_zh="从列表里打开",
        remedy_en="Choose it from the list",
    ),
    "message-not-open": Wording(
        zh="这条短信已经办结，或没有可用的出口",
        en="This message is over, or there is no outlet for it",
        remedy_zh="查看列表的现状；没有出口时请打电话",
        remedy_en="See the list as it is now; without an outlet, telephone",
    ),
}
