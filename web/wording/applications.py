"""Sentences about applications: how they are written, and why the rules refuse them."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "application-has-errors": Wording(
        zh="申请有 {count} 处错误",
        en="The application has {count} faults",
        remedy_zh="逐处改正后重新提交",
        remedy_en="Mend each and send it again",
    ),
    "field-missing": Wording(zh="缺少 {key}", en="{key} is missing", remedy_zh="补填 {path}", remedy_en="Give {path}"),
    "field-unknown": Wording(
        zh="没有 {key} 这一项",
        en="There is no such member: {key}",
        remedy_zh="删去或改为：{known}",
        remedy_en="Remove it, or use one of {known}",
    ),
    "field-not-object": Wording(
        zh="{path} 不是对象", en="{path} is not an object", remedy_zh="写成 {{...}}", remedy_en="Write it as {{...}}"
    ),
    "field-not-list": Wording(
        zh="{path} 不是列表", en="{path} is not a list", remedy_zh="写成 [...]", remedy_en="Write it as [...]"
    ),
    "field-not-text": Wording(
        zh="{path} 不是文字", en="{path} is not a text", remedy_zh="加引号写成文字", remedy_en="Put it in quotes"
    ),
    "field-not-number": Wording(
        zh="{path} 不是数字：{value}",
        en="{path} is not a number: {value}",
        remedy_zh="填写数字，不加引号",
        remedy_en="Give a number without quotes",
    ),
    "field-not-flag": Wording(
        zh="{path} 不是 true 或 false:{value}",
        en="{path} is neither true nor false: {value}",
        remedy_zh="写 true 或 false",
        remedy_en="Write true or false",
    ),
    "number-out-of-range": Wording(
        zh="{path} 超出范围：{value}",
        en="{path} is out of range: {value}",
        remedy_zh="填写大于 {least}、不超过 {most} 的数；重量用吨，尺寸用米",
        remedy_en="Give more than {least} and at most {most}; weights in tonnes, sizes in metres",
    ),
    "number-not-whole": Wording(
        zh="{path} 不是整数：{value}",
        en="{path} is not a whole number: {value}",
        remedy_zh="填写整数",
        remedy_en="Give a whole number",
    ),
    "text-not-usable": Wording(
        zh="{path} 过长或含有不可见字符",
        en="{path} is too long or holds invisible characters",
        remedy_zh="重新输入，不超过 {longest} 个字",
        remedy_en="Type it again, at most {longest} characters",
    ),
    "value-unknown": Wording(
        zh="{path} 的取值不认识：{value}",
        en="{path} has an unknown value: {value}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of {choices}",
    ),
    "id-number-wrong": Wording(
        zh="身份证号有误：{part}",
        en="The identity number is wrong: {part}",
        remedy_zh="对照证件重新填写 18 位号码",
        remedy_en="Copy the 18 characters from the card again",
        words=(
            ("length", "不是 18 位", "it has not 18 characters"),
            ("characters", "前 17 位应是数字，末位是数字或 X", "17 digits, then a digit or X, are needed"),
            (
                "check-digit",
                "末位校验码对不上，多半有一位填错",
                "one character is mistyped, for the last does not fit the others",
            ),
            ("birth-date", "第 7 至 14 位不是出生日期", "characters 7 to 14 are no date of birth"),
        ),
    ),
    "application-id-reused": Wording(
        zh="申请编号 {id} 已用于另一份申请",
        en="The application id {id} was used for another application",
        remedy_zh="换一个编号，或去掉 id",
        remedy_en="Use another id, or leave it out",
    ),
    "applications-have-errors": Wording(
        zh="申请文件有 {count} 处错误，一条也没有提交",
        en="The file has {count} faults; none of it was sent",
        remedy_zh="逐处改正后重新上传",
        remedy_en="Mend each and upload it again",
    ),
    "applications-file-empty": Wording(
        zh="文件里没有申请",
        en="The file holds no application",
        remedy_zh="从第二行起填写",
        remedy_en="Fill in row 2 on",
    ),
    "applications-too-many": Wording(
        zh="一份文件最多 {most} 条申请",
        en="A file may hold {most} applications",
        remedy_zh="分成几份上传",
        remedy_en="Part it into several files",
    ),
    "column-unknown": Wording(
        zh="表头不认识：{column}",
        en="Unknown header: {column}",
        remedy_zh="按模板改表头，或删去这一列",
        remedy_en="Use the template's headers, or remove the column",
    ),
    "column-twice": Wording(
        zh="两列意思相同：{column}",
        en="Two columns mean the same: {column}",
        remedy_zh="删去一列",
        remedy_en="Remove one",
    ),
    "column-missing": Wording(
        zh="缺少“{column}”一列",
        en="The column `{key}` is missing",
        remedy_zh="补上这一列",
        remedy_en="Add the column",
    ),
    "row-too-long": Wording(
        zh="这一行有 {cells} 格，表头只有 {titles} 格",
        en="The row has {cells} cells, the header {titles}",
        remedy_zh="检查多出的逗号",
        remedy_en="Look for a stray comma",
    ),
    "cell-is-formula": Wording(
        zh="单元格 {cells} 是公式",
        en="The cell {cells} holds a formula",
        remedy_zh="复制后只粘贴数值",
        remedy_en="Paste it as a value",
    ),
    "cell-not-number": Wording(
        zh="不是数字：{value}", en="Not a number: {value}", remedy_zh="只填数字", remedy_en="Give a number alone"
    ),
    "cell-word-unknown": Wording(
        zh="取值不认识：{value}",
        en="Unknown value: {value}",
        remedy_zh="填写其中之一：{words_zh}（也可写 {also_zh}）",
        remedy_en="Write one of {words_en} (also taken: {also_en})",
    ),
    "time-does-not-exist": Wording(
        zh="当天没有这个时刻：{value}",
        en="The clock skips this time: {value}",
        remedy_zh="改填时间",
        remedy_en="Give another time",
    ),
    "application-unknown": Wording(
        zh="没有保存这份申请",
        en="This application is not kept",
        remedy_zh="用 --application 提交申请文件",
        remedy_en="Give it with --application",
    ),
}
FINDINGS: Final = {
    "enterprise-not-listed": Wording(
        zh="{enterprise} 不在“四保”白名单内",
        en="{enterprise} is not on the whitelist",
        remedy_zh="先申报白名单",
        remedy_en="Apply for the whitelist first",
    ),
    "enterprise-removed": Wording(
        zh="{enterprise} 已移出“四保”白名单：{reason}",
        en="{enterprise} was taken off the whitelist: {reason}",
        remedy_zh="整改后重新申报白名单",
        remedy_en="Cure the reason and apply for the whitelist again",
    ),
    "vehicle-linked-to-no-firm": Wording(
        zh="车辆 {plate} 没有登记为 {enterprise} 的自有或固定外协车辆（登记在：{others}）",
        en="Vehicle {plate} is registered neither as own nor as contracted by {enterprise} (registered with: {others})",
        remedy_zh="在白名单里登记该车，或按临时车辆申请并由企业担保",
        remedy_en="Register it in the whitelist, or apply as a one-off vehicle with the firm's guarantee",
    ),
    "link-not-accepted": Wording(
        zh="按县里规定，{link}车辆 {plate} 不予核发（可核发：{accepted}）",
        en="By county policy no pass is given to {link} vehicles such as {plate} (accepted: {accepted})",
        remedy_zh="换用可核发的车辆",
        remedy_en="Use an accepted vehicle",
    ),
    "one-off-without-guarantee": Wording(
        zh="临时车辆 {plate} 没有 {enterprise} 的担保（县里规定）",
        en="The one-off vehicle {plate} lacks the guarantee of {enterprise} (county policy)",
        remedy_zh="由企业担保后重新提交",
        remedy_en="Have the firm guarantee it, then apply again",
    ),
    "round-trip-not-accepted": Wording(
        zh="按县里规定，一张证只管单程",
        en="By county policy a pass is for one way only",
        remedy_zh="去掉往返，回程另行申请",
        remedy_en="Apply for one way, and again for the way back",
    ),
    "one-off-not-accepted": Wording(
        zh="按县里规定，临时车辆 {plate} 不予核发",
        en="By county policy no pass is given to one-off vehicles such as {plate}",
        remedy_zh="换用自有或固定外协车辆",
        remedy_en="Use an own or contracted vehicle",
    ),
    "crew-empty": Wording(
        zh="没有填写司乘人员", en="Nobody is on board", remedy_zh="填写驾驶员", remedy_en="Name the driver"
    ),
    "driver-missing": Wording(
        zh="司乘人员里没有驾驶员（现有：{roles}）",
        en="Nobody of the crew is a driver (roles: {roles})",
        remedy_zh="把驾驶员的 role 写成 driver",
        remedy_en="Give the driver the role `driver`",
        form_zh="把其中一人的职责改为驾驶员",
        form_en="Make one of the crew the driver",
    ),
    "crew-twice": Wording(
        zh="{subject} 的证件号码与另一人相同",
        en="{subject} has another person's identity number",
        remedy_zh="核对证件号码",
        remedy_en="Check the numbers",
    ),
    "crew-too-many": Wording(
        zh="司乘人员 {persons} 人，最多 {most} 人",
        en="{persons} persons are on board, at most {most} may be",
        remedy_zh="减少随车人员",
        remedy_en="Take fewer riders",
    ),
    "departure-over": Wording(
        zh="出发时间已过：{depart_at}",
        en="The departure is over: {depart_at}",
        remedy_zh="改填出发时间",
        remedy_en="Give a new departure",
    ),
    "departure-too-far-ahead": Wording(
        zh="出发时间太早申请：{depart_at}，最多提前 {most_days} 天",
        en="The departure is too far ahead: {depart_at}, at most {most_days} days",
        remedy_zh="临近出发时再申请",
        remedy_en="Apply nearer to the departure",
    ),
    "receiving-point-missing": Wording(
        zh="封闭企业没有划定厂内固定接收点：{name}",
        en="The enclosed firm has no fixed receiving point: {name}",
        remedy_zh="先划定固定接收点",
        remedy_en="Define the receiving point first",
    ),
    "no-route": Wording(
        zh="从{origin}到{destination}没有可通的路，被这些道路关闭隔断：{blocking}",
        en="No route from {origin} to {destination}: cut by closures {blocking}",
        remedy_zh="等道路恢复、改停靠点，或请指挥部准许通行",
        remedy_en="Wait for the road, choose other stops, or ask headquarters for passage",
    ),
    "truck-on-closed-road": Wording(
        zh="车辆正在已关闭的道路上：{road}，道路关闭 {blocking}",
        en="The truck is on a road that is closed: {road}, closures {blocking}",
        remedy_zh="联系司机停到安全处，请指挥部准许驶出",
        remedy_en="Call the driver to a safe place, and ask headquarters to let it out",
    ),
    "unreachable": Wording(
        zh="该车辆从{origin}到不了{destination}，与道路关闭无关",
        en="This vehicle cannot reach {destination} from {origin}, closures or not",
        remedy_zh="核对地点和车辆尺寸、重量",
        remedy_en="Check the places and the vehicle's size and weight",
    ),
    "trip-too-long": Wording(
        zh="行程到 {end_at} 才结束，通行证最长 {most_hours} 小时",
        en="The trip lasts until {end_at}, a pass {most_hours} hours at most",
        remedy_zh="拆成几个车次申请",
        remedy_en="Apply for several trips",
    ),
    "id-region-unused": Wording(
        zh="{subject} 的身份证号地区代码未使用，请核对",
        en="The region code of {subject}'s identity number is not in use: please check",
        remedy_zh="对照证件核对",
        remedy_en="Compare it with the card",
    ),
    "id-not-resident-number": Wording(
        zh="{subject} 填写的不是居民身份证号，请核对证件",
        en="{subject} gave no resident identity number: please see the document",
        remedy_zh="对照证件核对",
        remedy_en="Compare it with the document",
    ),
    "link-differs": Wording(
        zh="申请写{said}，白名单登记为{registered}：按登记办理",
        en="The application says {said}, the whitelist {registered}: the whitelist counts",
        remedy_zh="不符时更正白名单",
        remedy_en="Correct the whitelist where it is wrong",
    ),
    "pass-not-needed": Wording(
        zh="该车次按规定不需要通行证", en="This trip needs no pass", remedy_zh="可不申请", remedy_en="No need to apply"
    ),
}
