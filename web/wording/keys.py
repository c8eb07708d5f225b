"""Sentences of the root, the lists that it signs, other issuers, and what two people do with the keys."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "root-known": Wording(
        zh="本县已有根密钥 {root}，与所给的 {found} 不同",
        en="The county's root is {root}, and the one given is {found}",
        remedy_zh="原根密钥还在：用 keys root succeed 签交接文件；丢失或被盗：两人用 keys propose root 提出并复核",
        remedy_en="Sign with the old root (`keys root succeed`); lost or stolen: two people, `keys propose root FILE`",
    ),
    "root-had-before": Wording(
        zh="根密钥 {root} 以前用过，不能再用",
        en="The root {root} was given up before and does not come back",
        remedy_zh="用 keys root new 新建根密钥",
        remedy_en="Make a new one with `keys root new`",
    ),
    "succession-unreadable": Wording(
        zh="根密钥交接文件无法读取：{fault}",
        en="What the old root has signed cannot be read: {fault}",
        remedy_zh="重新运行 keys root succeed",
        remedy_en="Run `keys root succeed` again",
    ),
    "succession-not-signed": Wording(
        zh="交接文件不是现有根密钥 {root} 为这个新根密钥签的",
        en="The present root {root} has not signed for this root",
        remedy_zh="核对文件和新根公钥",
        remedy_en="Check the file and the new root's public key",
    ),
    "root-unknown": Wording(
        zh="本县还没有根密钥",
        en="The county has no root yet",
        remedy_zh="首次公布时加 --root 根公钥文件",
        remedy_en="Give --root with the root's public key when publishing the first list",
    ),
    "root-file-unreadable": Wording(
        zh="根密钥文件无法读取",
        en="The root's file cannot be read",
        remedy_zh="用 keys root new 写出的文件，或从备份取回",
        remedy_en="Use the file that `keys root new` wrote, or fetch it from its copy",
    ),
    "root-file-exists": Wording(
        zh="文件已存在，不覆盖根密钥",
        en="The file exists; a root is never overwritten",
        remedy_zh="换一个文件名",
        remedy_en="Choose another name",
    ),
    "passphrase-too-short": Wording(
        zh="口令太短，至少 {least} 个字符",
        en="The passphrase is too short: at least {least} characters",
        remedy_zh="换一个更长的口令",
        remedy_en="Choose a longer one",
    ),
    "passphrase-wrong": Wording(
        zh="口令不对，打不开根密钥 {root}",
        en="The passphrase does not open the root {root}",
        remedy_zh="重新输入；如文件被改动，从备份取回",
        remedy_en="Type it again; fetch the file from its copy if it was changed",
    ),
    "root-list-of-another-county": Wording(
        zh="这是 {issuer} 的公钥列表，不是本县（{expected}）的",
        en="This is the key list of {issuer}, not of this county ({expected})",
        remedy_zh="取本县的列表",
        remedy_en="Fetch the list of this county",
    ),
    "root-list-from-the-future": Wording(
        zh="列表的签名时间 {issued_at} 在将来",
        en="The list was signed in the future ({issued_at})",
        remedy_zh="校准离线机和服务器的时间，重新签名",
        remedy_en="Set the clocks of both machines and have it signed again",
    ),
    "root-list-unknown-key": Wording(
        zh="列表里的密钥 {kid} 不是本服务器的",
        en="Key {kid} of the list is not this server's",
        remedy_zh="运行 keys request 重新导出，再签名",
        remedy_en="Run `keys request` again and have that signed",
    ),
    "root-list-lacks-withdrawn": Wording(
        zh="列表里仍有已停用的密钥 {kid}",
        en="The list still holds the withdrawn key {kid}",
        remedy_zh="运行 keys request 重新导出，再签名",
        remedy_en="Run `keys request` again and have that signed",
    ),
    "key-list-late": Wording(
        zh="新密钥 {kid} 将于 {usable_from} 启用，距今不足 {days} 天，检查点来不及取得",
        en="Key {kid} would sign from {usable_from} on, in under {days} days: checkpoints cannot have it by then",
        remedy_zh="再次更换密钥（keys rotate），导出、签名后尽快公布",
        remedy_en="Rotate again, then request, sign and publish without delay",
    ),
    "policy-value-too-small": Wording(
        zh="县策略里的值太小：{value}，至少 {least}",
        en="The policy's value is too small: {value}, at least {least}",
        remedy_zh="改大后重试",
        remedy_en="Write a larger one",
    ),
    "policy-value-too-large": Wording(
        zh="县策略里的值太大：{value}，最多 {most}",
        en="The policy's value is too large: {value}, at most {most}",
        remedy_zh="改小后重试",
        remedy_en="Write a smaller one",
    ),
    "trust-without-end": Wording(
        zh="互认没有将来的截止时间",
        en="Trust in another issuer needs an end in the future",
        remedy_zh="用 --until 写明截止时间",
        remedy_en="Give it with --until",
    ),
    "trust-address-unusable": Wording(
        zh="名单网址不可用：{value}",
        en="This address of status lists cannot be used: {value}",
        remedy_zh="写成 https://pass.example.cn，不带账号、参数",
        remedy_en="Write it like https://pass.example.cn, without account or query",
    ),
    "trust-address-silent": Wording(
        zh="对方网址没有给出作废名单（{why}）",
        en="The address gave no status list ({why})",
        remedy_zh="核对网址；也可用 keys trust import 导入文件",
        remedy_en="Check the address, or take files with `keys trust import`",
    ),
    "trust-issuer-differs": Wording(
        zh="公钥文件写的是 {found}，与 {issuer} 不符，或就是本县",
        en="The key file is of {found} and not of another issuer {issuer}",
        remedy_zh="核对代码和文件",
        remedy_en="Check the code and the file",
    ),
    "trust-unknown": Wording(
        zh="互认名单里没有 {issuer}",
        en="{issuer} is not among the trusted issuers",
        remedy_zh="运行 keys trust list 查看",
        remedy_en="See `keys trust list`",
    ),
    "key-withdrawn-already": Wording(
        zh="密钥 {kid} 已停用",
        en="Key {kid} is withdrawn already",
        remedy_zh="如有通行证未换完，运行 keys reissue",
        remedy_en="Run `keys reissue` where passes still wait",
        form_zh="如有通行证未换完，请系统管理员继续换发",
        form_en="Where passes still wait, ask whoever runs this site to go on re-issuing",
    ),
    "key-act-unknown": Wording(
        zh="没有这项办理：{id}",
        en="No such proposal: {id}",
        remedy_zh="查看密钥页",
        remedy_en="See the page of the keys",
    ),
    "key-act-not-entitled": Wording(
        zh="账号 {name} 无权办理密钥",
        en="Account {name} may not act on the keys",
        remedy_zh="由交通运输部门或指挥部的账号办理",
        remedy_en="An account of the transport office or of headquarters may",
    ),
    "key-act-without-reason": Wording(
        zh="没有写原因", en="The reason is missing", remedy_zh="写明原因", remedy_en="Give the reason"
    ),
    "key-act-open": Wording(
        zh="同样的办理已提出（{id}），等待复核",
        en="The same is proposed already ({id}) and waits for its confirmation",
        remedy_zh="请另一人复核",
        remedy_en="Have another person confirm it",
    ),
    "key-act-own": Wording(
        zh="不能复核自己提出的办理",
        en="Nobody confirms their own proposal",
        remedy_zh="请另一个账号复核",
        remedy_en="Another account must confirm it",
    ),
    "key-act-over": Wording(
        zh="这项办理已办完或已过期",
        en="This proposal is done with, or too old",
        remedy_zh="需要时重新提出",
        remedy_en="Propose it anew where it is needed",
    ),
    "key-act-needs-two": Wording(
        zh="须由两人办理：一人提出，另一人复核",
        en="This takes two people: one proposes, another confirms",
        remedy_zh="在密钥页办理，或用 keys propose 和 keys confirm",
        remedy_en="Use the page of the keys, or `keys propose` and `keys confirm`",
    ),
    "person-not-known": Wording(
        zh="账号或密码不对，或账号已停用、暂时锁定",
        en="Name and password do not fit, or the account is closed or locked for now",
        remedy_zh="核对后重试",
        remedy_en="Check them and try again",
    ),
}
