"""Sentences of verdicts, keys and status lists; a step for a guard starts with what to do, in at most 16 characters."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

SIGNS: Final = {"green": "✓", "amber": "?", "red": "■"}
WORDS_EN: Final = {"green": "Let pass", "amber": "Check", "red": "Do not let pass yet"}
#: Where the regime has no word of its own.
USUAL_TERMS: Final = {"zh": {"test": "检测"}, "en": {"test": "test"}}

#: Next steps.
STEPS: Final = {
    "let-pass": Wording(zh="放行", en="Let it pass"),
    "follow-gravest": Wording(zh="按最严重的一条处理", en="Follow the gravest reason"),
    "call-duty-desk": Wording(zh="请靠边停车，联系值班", en="Have it pull over and call the duty desk"),
    "check-paper": Wording(zh="查看纸质证件，打电话核实", en="Look at the paper pass and phone to confirm"),
    "see-paper": Wording(zh="查看纸质证件后放行", en="Look at the paper pass, then let it pass"),
    "show-pass": Wording(zh="请出示有效通行证", en="Ask for a valid pass"),
    "show-new-pass": Wording(zh="查看或领取新证，再放行", en="See or fetch the new pass, then let it pass"),
    "renew-pass": Wording(zh="请靠边停车，向核发单位延期", en="Have it pull over and ask the issuer to renew"),
    "wait-aside": Wording(zh="请靠边，等到生效时间", en="Have it wait aside until the pass begins"),
    "set-clock": Wording(zh="校准时间后重新核验", en="Set the clock and check again"),
    "record-and-recheck": Wording(zh="放行并登记，联网后复核", en="Let it pass, record it, check again online"),
    "phone-then-let-pass": Wording(zh="打电话核实，放行并登记", en="Phone to confirm, let it pass and record it"),
    "guide-back": Wording(zh="引导车辆回到指定路线", en="Guide it back to its route"),
    "ask-way": Wording(zh="问清去向，引导回指定路线", en="Ask where it is going; guide it back to its route"),
    "renew-condition-on-arrival": Wording(
        zh="放行，到达后补做{test}", en="Let it pass; the {test} is done again on arrival"
    ),
    "renew-condition-now": Wording(zh="请靠边，先补做{test}", en="Have it pull over; the {test} comes first"),
}

#: Reasons of a verdict.
FINDINGS: Final = {
    "pass-valid": Wording(zh="通行证有效，至 {expires_at}", en="The pass is valid, until {expires_at}"),
    "list-current": Wording(zh="作废名单 {age_h} 小时前更新", en="Status list {age_h} h old"),
    "token-unreadable": Wording(zh="此码不是本系统通行证：无法读取", en="Not one of our passes: unreadable"),
    "token-too-long": Wording(zh="此码不是本系统通行证：内容过长", en="Not one of our passes: too long"),
    "header-not-ours": Wording(
        zh="此码不是本系统通行证：开头不符", en="Not one of our passes: its header is not exactly ours"
    ),
    "algorithm-not-allowed": Wording(
        zh="此码不是本系统通行证：签名方式不符", en="Not one of our passes: another signature algorithm"
    ),
    "type-not-ours": Wording(zh="此码不是通行证", en="This code is not a pass"),
    "closure-order": Wording(zh="这是批复公示牌，不是通行证", en="This is a closure order, not a pass"),
    "loop-certificate": Wording(zh="这是行程证明，不是通行证", en="This is a trip's certificate, not a pass"),
    "claims-not-ours": Wording(
        zh="此码不是本系统通行证：内容不符（{member}）", en="Not one of our passes: its content is not ours ({member})"
    ),
    "lifetime-too-long": Wording(
        zh="此码不是本系统通行证：有效期超过 {longest_days} 天",
        en="Not one of our passes: valid over {longest_days} days",
    ),
    "signature-not-canonical": Wording(
        zh="此码不是本系统通行证：签名格式不符", en="Not one of our passes: its signature has not our form"
    ),
    "signature-wrong": Wording(
        zh="此码不是本系统通行证：签名不符，内容被改动",
        en="Not one of our passes: the signature does not fit the content",
    ),
    "key-unknown": Wording(zh="名单里没有签发此证的密钥", en="The key that signed this pass is not on the list"),
    "key-withdrawn": Wording(zh="签发此证的密钥已停用，通行证无效", en="The key that signed this pass was withdrawn"),
    "key-retired": Wording(
        zh="签发此证的密钥已于 {retired_at} 停用", en="Issued after its key was retired at {retired_at}"
    ),
    "issuer-differs": Wording(
        zh="签发单位不符：{issuer}", en="The pass names another issuer: {issuer} instead of {expected}"
    ),
    "issuer-trusted": Wording(
        zh="外地通行证：{name}（{issuer}）核发", en="A pass of {name} ({issuer}), which is taken here"
    ),
    "issuer-ended": Wording(
        zh="外地通行证：{name}的互认已于 {until} 到期",
        en="A pass of {name}; passes of that issuer were taken until {until}",
    ),
    "issuer-unknown": Wording(
        zh="外地通行证：没有{issuer}的公钥", en="A pass of another issuer ({issuer}), not known here"
    ),
    "clock-wrong": Wording(
        zh="本机时间不准：早于已签发的时间 {newest}", en="This clock is behind a time already signed: {newest}"
    ),
    "not-yet-valid": Wording(zh="生效时间未到：{not_before}", en="Not valid before {not_before}"),
    "expired": Wording(zh="通行证已过期：{expires_at}", en="The pass expired at {expires_at}"),
    "drill": Wording(zh="演练证，无效", en="A drill's pass, not valid"),
    "withdrawn": Wording(zh="通行证已作废", en="The pass was withdrawn"),
    "suspended": Wording(zh="通行证已暂停使用", en="The pass is suspended"),
    "replaced": Wording(
        zh="线路已换：请出示新证（可在此领取）", en="Route changed: show the new pass, or fetch it here"
    ),
    "list-old": Wording(zh="名单较旧：{age_h} 小时前更新", en="The status list is old: {age_h} h"),
    "list-too-old": Wording(zh="名单过旧：{age_h} 小时前更新", en="The status list is too old: {age_h} h"),
    "list-older": Wording(
        zh="此作废名单（{found}）比本机已见过的旧，不采用",
        en="This status list ({found}) is older than one seen here before: it is not used",
    ),
    "list-missing": Wording(zh="没有作废名单", en="No status list is held"),
    "list-without-pass": Wording(zh="作废名单里没有此证的位置", en="The status list does not cover this pass"),
    "plate-differs": Wording(
        zh="车牌与证不符：证上 {plate}，车上 {seen}", en="The plate differs: {plate} on the pass, {seen} on the truck"
    ),
    "off-route": Wording(
        zh="不在指定路线：相距 {distance_m} 米，允许偏离 {tolerance_m} 米",
        en="Off the route: {distance_m} m away, {tolerance_m} m are allowed",
    ),
    "other-way": Wording(
        zh="行驶方向与指定路线相反，此证只管单程",
        en="It drives against its route, and the pass is for one way only",
    ),
    "result-pending": Wording(zh="已采样待出结果", en="The result of the {test} was not known when it was issued"),
    "condition-ended-inside": Wording(
        zh="{name} 的{test}途中到期：{ended_at}", en="The {test} of {name} ended on the way, at {ended_at}"
    ),
}

_NOT_OURS: Final = (
    "token-unreadable",
    "token-too-long",
    "header-not-ours",
    "algorithm-not-allowed",
    "type-not-ours",
    "claims-not-ours",
    "lifetime-too-long",
    "signature-not-canonical",
)
ERRORS: Final = {
    **{code: FINDINGS[code] for code in _NOT_OURS},
    "key-file-missing": Wording(
        zh="没有密钥文件",
        en="The key file is missing",
        remedy_zh="把 BAOTONG_KEY_FILE 指向建立密钥时用的文件，或从备份取回",
        remedy_en="Point BAOTONG_KEY_FILE at the file that the keys were made with, or fetch it from its backup",
    ),
    "key-file-too-open": Wording(
        zh="密钥文件权限过宽（{mode}），别人也能读写",
        en="The key file's permissions are too open ({mode})",
        remedy_zh="运行 chmod 600 后重试",
        remedy_en="Run chmod 600 on it and try again",
    ),
    "key-file-unreadable": Wording(
        zh="密钥文件无法读取：{reason}",
        en="The key file cannot be read: {reason}",
        remedy_zh="从备份取回该文件",
        remedy_en="Fetch the file from its backup",
    ),
    "key-file-unwritable": Wording(
        zh="无法建立密钥文件：{reason}",
        en="The key file cannot be made: {reason}",
        remedy_zh="把 BAOTONG_KEY_FILE 指向可写的位置",
        remedy_en="Point BAOTONG_KEY_FILE at a place that can be written",
    ),
    "key-file-wrong": Wording(
        zh="密钥文件打不开这把签名密钥",
        en="The key file does not open this signing key",
        remedy_zh="把 BAOTONG_KEY_FILE 指向建立密钥时用的文件",
        remedy_en="Point BAOTONG_KEY_FILE at the file that the keys were made with",
    ),
    "key-file-in-county-folder": Wording(
        zh="密钥文件不能放在县文件夹里",
        en="The key file must not lie in the county folder",
        remedy_zh="把 {setting} 指向县文件夹以外的位置",
        remedy_en="Point {setting} outside the county folder",
    ),
    "no-signing-key": Wording(
        zh="现在没有可用的签名密钥",
        en="No key may sign at this time",
        remedy_zh="运行 baotong keys new",
        remedy_en="Run `baotong keys new`",
        form_zh="请系统管理员新建签名密钥",
        form_en="Ask whoever runs this site for a signing key",
    ),
    "signing-key-unknown": Wording(
        zh="没有这把签名密钥：{kid}",
        en="No such signing key: {kid}",
        remedy_zh="运行 keys list 查看",
        remedy_en="See `keys list`",
        form_zh="从列表里选一把密钥",
        form_en="Choose a key from the list",
    ),
    "key-named-twice": Wording(
        zh="两把密钥同名：{kid}",
        en="Two keys bear the same name: {kid}",
        remedy_zh="删去重复的一把，重新导出密钥",
        remedy_en="Remove one of them; export the keys again",
    ),
    "key-list-unreadable": Wording(
        zh="密钥文件不是公钥列表",
        en="The file is not a list of public keys",
        remedy_zh="用 baotong keys export 重新导出",
        remedy_en="Export it again with `baotong keys export`",
    ),
    "key-unreadable": Wording(
        zh="列表里有一把密钥无法读取",
        en="A key of the list cannot be read",
        remedy_zh="用 baotong keys export 重新导出",
        remedy_en="Export it again with `baotong keys export`",
    ),
    "key-not-p256": Wording(
        zh="列表里有一把密钥不是 P-256 签名密钥：{value}",
        en="A key of the list is no P-256 signing key: {value}",
        remedy_zh="只列入 P-256 公钥",
        remedy_en="List P-256 public keys only",
    ),
    "key-not-on-curve": Wording(
        zh="列表里有一把密钥不在曲线上",
        en="A key of the list is not a point of the curve",
        remedy_zh="用 baotong keys export 重新导出",
        remedy_en="Export it again with `baotong keys export`",
    ),
    "key-private": Wording(
        zh="列表里混入了私钥",
        en="The list holds a private key",
        remedy_zh="立即更换该密钥（baotong keys rotate --compromised），再导出公钥",
        remedy_en="Replace that key at once (`baotong keys rotate --compromised`), then export the public keys",
    ),
    "key-list-without-root": Wording(
        zh="公钥列表没有根密钥签名",
        en="The key list is not signed by the county's root",
        remedy_zh="向签发单位索取由根密钥签过名的公钥列表；若根密钥已更换，先电话核实",
        remedy_en="Ask the issuer for the key list that its root has signed; phone first where the root has changed",
    ),
    "key-list-older": Wording(
        zh="公钥列表（第 {found} 号）比已有的（第 {seen} 号）旧",
        en="The key list (number {found}) is older than one already seen (number {seen})",
        remedy_zh="重新取得公钥列表",
        remedy_en="Fetch the key list again",
    ),
    "root-list-unreadable": Wording(
        zh="根密钥签名的公钥列表无法读取：{fault}",
        en="The list that the root signs cannot be read: {fault}",
        remedy_zh="重新导出，或由根密钥保管人重新签名",
        remedy_en="Export it again, or have it signed again by whoever keeps the root",
    ),
    "root-list-not-signed": Wording(
        zh="公钥列表不是由本县根密钥（{root}）签名",
        en="The key list is not signed by the county's root ({root})",
        remedy_zh="不要采用；向签发单位电话核实根密钥",
        remedy_en="Do not use it; ask the issuer by phone which root is right",
    ),
    "issuer-named-twice": Wording(
        zh="同一签发单位列了两次：{issuer}",
        en="One issuer is named twice: {issuer}",
        remedy_zh="每个单位只列一次，本县不列在内",
        remedy_en="Name each issuer once, and never this county itself",
    ),
    "status-list-unreadable": Wording(
        zh="作废名单无法读取：{fault}",
        en="The status list cannot be read: {fault}",
        remedy_zh="用 baotong pass status-list 重新取得",
        remedy_en="Fetch it again with `baotong pass status-list`",
    ),
    "status-list-not-signed": Wording(
        zh="作废名单的签名不符",
        en="The status list is not signed by a key of the list",
        remedy_zh="重新取得作废名单和公钥列表",
        remedy_en="Fetch the status list and the key list again",
    ),
    "status-list-from-the-future": Wording(
        zh="作废名单的时间（{issued_at}）在将来",
        en="The status list is of the future ({issued_at})",
        remedy_zh="核对本机时间，再重新取得名单",
        remedy_en="Check this machine's clock, then fetch the list again",
    ),
    "status-list-older": Wording(
        zh="作废名单（{found}）比已有的（{seen}）旧",
        en="The status list ({found}) is older than one already seen ({seen})",
        remedy_zh="重新取得作废名单",
        remedy_en="Fetch the status list again",
    ),
    "bundle-unreadable": Wording(
        zh="公钥与名单包无法读取：{fault}",
        en="The bundle of keys and lists cannot be read: {fault}",
        remedy_zh="联网后重新取得",
        remedy_en="Fetch it again with a network",
    ),
    "bundle-not-signed": Wording(
        zh="公钥与名单包不是由已有的公钥签发",
        en="The bundle is not signed by a key that is held already",
        remedy_zh="致电值班，确认公钥是否更换",
        remedy_en="Ask the duty desk whether the keys have changed",
    ),
    "bundle-older": Wording(
        zh="公钥与名单包（{found}）比已有的（{seen}）旧",
        en="The bundle ({found}) is older than the one held ({seen})",
        remedy_zh="联网后重新取得",
        remedy_en="Fetch it again with a network",
    ),
    "status-list-full": Wording(
        zh="作废名单已满", en="The status list is full", remedy_zh="重试一次", remedy_en="Try again"
    ),
    "status-list-unknown": Wording(
        zh="没有这份作废名单", en="No such status list", remedy_zh="可选：{known}", remedy_en="Known: {known}"
    ),
    "status-pass-known": Wording(
        zh="此证已在作废名单中占位：{jti}",
        en="The pass has a place in the status list already: {jti}",
        remedy_zh="换一个证号",
        remedy_en="Use another pass number",
    ),
    "status-pass-unknown": Wording(
        zh="没有这张通行证：{jti}", en="No such pass: {jti}", remedy_zh="核对证号", remedy_en="Check the number"
    ),
    "status-final": Wording(
        zh="通行证 {jti} 的状态已定（{status}），不能再改",
        en="The status of pass {jti} is final ({status})",
        remedy_zh="另发新证",
        remedy_en="Issue a new pass",
    ),
    "public-url-not-drawable": Wording(
        zh="公开网址不能画成二维码：{value}",
        en="The public address cannot be drawn as a code: {value}",
        remedy_zh="county.toml 的 public_url 只用字母、数字和 $ % * + - . / :",
        remedy_en="In county.toml, write public_url with letters, digits and $ % * + - . / : only",
    ),
    "pass-code-too-long": Wording(
        zh="通行证内容太长，二维码放不下",
        en="The pass says more than its code can hold",
        remedy_zh="减少随车人员或缩短 public_url",
        remedy_en="Name fewer people, or shorten public_url",
    ),
    "plate-unreadable": Wording(
        zh="不是有效车牌：{value}",
        en="Not a number plate: {value}",
        remedy_zh="写成 豫R12345 的样子；新能源车牌 8 位；不含字母 I、O",
        remedy_en="Write it like 豫R12345; new-energy plates have 8 characters; letters I and O do not occur",
    ),
    "name-empty": Wording(zh="没有姓名", en="The name is missing", remedy_zh="填写姓名", remedy_en="Give the name"),
    "id-number-too-short": Wording(
        zh="证件号码太短", en="The ID number is too short", remedy_zh="填写完整号码", remedy_en="Give the whole number"
    ),
    "line-unreadable": Wording(
        zh="路线编码无法读取",
        en="The encoded line cannot be read",
        remedy_zh="重新核发通行证",
        remedy_en="Issue the pass again",
    ),
}
