"""Words about accounts, passwords and the server."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "account-name-unusable": Wording(
        zh="账号名不能用：{name}",
        en="This account name cannot be used: {name}",
        remedy_zh="用 1 到 {most} 个字符，不含空格。",
        remedy_en="Use 1 to {most} characters without spaces.",
    ),
    "account-exists": Wording(
        zh="已有账号 {name}",
        en="There is an account {name} already",
        remedy_zh="换一个名字，或用 accounts reset 重置它的密码。",
        remedy_en="Choose another name, or give it a new password with accounts reset.",
    ),
    "account-unknown": Wording(
        zh="没有账号 {name}",
        en="There is no account {name}",
        remedy_zh="accounts list 列出所有账号。",
        remedy_en="accounts list shows them all.",
    ),
    "role-unknown": Wording(
        zh="没有岗位 {role}", en="There is no role {role}", remedy_zh="可用：{known}。", remedy_en="Known: {known}."
    ),
    "unit-missing": Wording(
        zh="岗位 {role} 的账号要写明单位",
        en="An account with role {role} must name its unit",
        remedy_zh="用 --unit 写企业名称、检查点编号、乡镇名称或批准单位编号。",
        remedy_en="Give --unit: the firm, the checkpoint's id, the township, or the authority's id.",
    ),
    "unit-needless": Wording(
        zh="岗位 {role} 面向全县，不属于某个单位",
        en="Role {role} works for the whole county and belongs to no unit",
        remedy_zh="去掉 --unit。",
        remedy_en="Leave --unit away.",
    ),
    "unit-unknown": Wording(
        zh="本县没有这个单位：{unit}",
        en="The county has no such unit: {unit}",
        remedy_zh="可用：{known}。",
        remedy_en="Known: {known}.",
    ),
    "password-too-short": Wording(
        zh="密码太短",
        en="The password is too short",
        remedy_zh="至少 {least} 个字符。",
        remedy_en="Use at least {least} characters.",
    ),
    "password-too-long": Wording(
        zh="密码太长",
        en="The password is too long",
        remedy_zh="最多 {most} 个字符。",
        remedy_en="Use at most {most} characters.",
    ),
    "password-is-the-name": Wording(
        zh="密码不能与账号相同",
        en="The password must not be the account's name",
        remedy_zh="换一个只有自己知道的密码。",
        remedy_en="Choose one that only you know.",
    ),
    "password-wrong": Wording(
        zh="现用密码不对",
        en="The present password is wrong",
        remedy_zh="请重新输入。",
        remedy_en="Type it again.",
    ),
    "password-unchanged": Wording(
        zh="新密码与现用密码相同",
        en="The new password is the present one",
        remedy_zh="换一个新的。",
        remedy_en="Choose another one.",
    ),
    "tls-half-given": Wording(
        zh="HTTPS 要同时给出证书和私钥",
        en="HTTPS needs both the certificate and its key",
        remedy_zh="同时用 --tls-certificate 和 --tls-key。",
        remedy_en="Give --tls-certificate and --tls-key together.",
    ),
    "tls-unusable": Wording(
        zh="证书或私钥不能用：{reason}",
        en="Certificate or key cannot be used: {reason}",
        remedy_zh="请给出 PEM 格式的证书链和与之对应的私钥。",
        remedy_en="Give the certificate chain and the key that fits it, both as PEM files.",
    ),
    "processes-need-postgresql": Wording(
        zh="多个进程（{processes} 个）只能用 PostgreSQL",
        en="Several processes ({processes}) need PostgreSQL",
        remedy_zh="去掉 --processes，或用 --database-url 指定 PostgreSQL。",
        remedy_en="Leave --processes away, or name a PostgreSQL database with --database-url.",
    ),
}
