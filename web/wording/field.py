"""Sentences of what happens on the road: photos, links, reports of blocked roads, needed stops, checkpoint outcomes."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "photo-empty": Wording(
        zh="照片是空的", en="The photo is empty", remedy_zh="重新拍照后再发送", remedy_en="Take it again and send it"
    ),
    "photo-too-large": Wording(
        zh="照片太大：{mb} MB，最多 {most_mb} MB",
        en="The photo is too large: {mb} MB, at most {most_mb} MB",
        remedy_zh="在相机设置里选较小的尺寸，重新拍照",
        remedy_en="Choose a smaller size in the camera's settings and take it again",
    ),
    "photo-not-a-picture": Wording(
        zh="这个文件不是照片",
        en="This file is no photo",
        remedy_zh="请用手机拍照，发送 JPEG、PNG 或 WebP 照片",
        remedy_en="Take a photo with the phone and send it as JPEG, PNG or WebP",
    ),
    "photo-too-many-pixels": Wording(
        zh="照片尺寸太大，最多 {most_million} 百万像素",
        en="The photo has too many pixels, at most {most_million} million",
        remedy_zh="在相机设置里选较小的尺寸，重新拍照",
        remedy_en="Choose a smaller size in the camera's settings and take it again",
    ),
    "photo-damaged": Wording(
        zh="照片没有传完整",
        en="The photo did not arrive whole",
        remedy_zh="重新发送，或重新拍照",
        remedy_en="Send it again, or take it again",
    ),
    "link-unknown": Wording(
        zh="这个链接已失效",
        en="This link has ended",
        remedy_zh="请向本企业的物流员要新链接",
        remedy_en="Ask your firm's dispatcher for a new link",
    ),
    "link-locked": Wording(
        zh="输错次数太多，请 {minutes} 分钟后再试",
        en="Too many wrong tries; try again in {minutes} minutes",
        remedy_zh="用第一次打开此链接的手机，或打电话给值班",
        remedy_en="Use the phone that opened this link first, or call the duty desk",
    ),
    "link-tail-wrong": Wording(
        zh="后四位不对",
        en="These are not the last four characters",
        remedy_zh="输入车上任一人员证件号码的后四位",
        remedy_en="Type the last four characters of the ID number of anybody on the truck",
    ),
    "report-barrier-unknown": Wording(
        zh="没有选现场是什么",
        en="What stands on the road was not chosen",
        remedy_zh="从列表里选一种",
        remedy_en="Choose one of the list",
    ),
    "report-source-unknown": Wording(
        zh="不知道由谁上报：{value}",
        en="It is not known who reports: {value}",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of: {choices}",
    ),
    "report-note-too-long": Wording(
        zh="说明太长，最多 {most} 个字",
        en="The note is too long, at most {most} characters",
        remedy_zh="写短一些",
        remedy_en="Write less",
    ),
    "report-too-many": Wording(
        zh="一天内最多上报 {most} 次",
        en="At most {most} reports a day",
        remedy_zh="请打电话给值班",
        remedy_en="Call the duty desk",
    ),
    "report-far-from-road": Wording(
        zh="这个位置离最近的道路（{road}）有 {distance_m} 米",
        en="This place is {distance_m} m from the nearest road ({road})",
        remedy_zh="请改位置；如果就是这里，请勾选“位置无误”",
        remedy_en="Move the place; if it is right, tick “The place is right”",
    ),
    "stop-kind-unknown": Wording(
        zh="没有选停车原因",
        en="Why you need to stop was not chosen",
        remedy_zh="从列表里选一种",
        remedy_en="Choose one of the list",
    ),
    "stop-too-many": Wording(
        zh="一天内最多登记 {most} 次停车",
        en="At most {most} stops a day",
        remedy_zh="请打电话给值班",
        remedy_en="Call the duty desk",
    ),
    "queue-count-not-possible": Wording(
        zh="排队数不对",
        en="This count of trucks is not possible",
        remedy_zh="填现在排队的车辆数，没有就填 0",
        remedy_en="Give the number of trucks that wait now, 0 where none does",
    ),
    "outcome-unknown": Wording(
        zh="没有选处理结果",
        en="What was done was not chosen",
        remedy_zh="选“放行并登记”或“暂不放行”",
        remedy_en="Choose “Let pass” or “Do not let pass”",
    ),
    "outcome-recorded-already": Wording(
        zh="这辆车的处理结果先前已登记，与这一次不同，这一次没有登记",
        en="Something else was registered for this truck before; this was not",
        remedy_zh="重新查验这辆车，再登记现在的处理结果",
        remedy_en="Check the truck again and register what is done now",
    ),
    "refusal-without-reason": Wording(
        zh="没有选原因", en="No reason was chosen", remedy_zh="可选：{choices}", remedy_en="Choose one of: {choices}"
    ),
    "refusal-reason-unknown": Wording(
        zh="这个原因不在名单里",
        en="This reason is not listed",
        remedy_zh="可选：{choices}",
        remedy_en="Choose one of: {choices}",
    ),
    "refusal-note-too-long": Wording(
        zh="说明太长，最多 {most} 个字",
        en="The note is too long, at most {most} characters",
        remedy_zh="写短一些",
        remedy_en="Write less",
    ),
    "refusal-without-photo": Wording(
        zh="还没有照片", en="The photo is missing", remedy_zh="拍下车牌", remedy_en="Photograph the plate"
    ),
    "refusal-without-call": Wording(
        zh="还没有写与谁通话",
        en="Who was called is missing",
        remedy_zh="先打电话给值班，写下对方姓名",
        remedy_en="Call the duty desk first and write down who answered",
    ),
    "checkpoint-not-yours": Wording(
        zh="这个检查点不归本账号",
        en="This checkpoint is not your account's",
        remedy_zh="选本账号的检查点",
        remedy_en="Choose your own",
    ),
}

FINDINGS: Final = {
    "refusal-reason-forbidden": Wording(
        zh="不得以“{reason}”为由限制车辆通行，已记录",
        en="No truck may be stopped because of “{reason}”; this was recorded",
        remedy_zh="放行，或选名单里的原因",
        remedy_en="Let it pass, or choose a listed reason",
    ),
    "refusal-reason-for-the-firm": Wording(
        zh="旅居史由企业核实，不作为限制通行的理由，已转告发证部门",
        en="A stay is for the firm to answer; it is no ground to refuse, and the issuing office was told",
        remedy_zh="放行，或选名单里的原因",
        remedy_en="Let it pass, or choose a listed reason",
    ),
}
