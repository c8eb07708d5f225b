"""Sentences about what-ifs and long work."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "job-unknown": Wording(
        zh="没有这项后台工作:{id}",
        en="There is no such work in the background: {id}",
        remedy_zh="核对链接,或从列表里打开",
        remedy_en="Check the link, or open it from the list",
    ),
    "job-lost": Wording(
        zh="这项后台工作已由别的程序接手或已经结束",
        en="Another process has taken this work over, or it has ended",
        remedy_zh="刷新页面看最新进度",
        remedy_en="Reload the page to see how far it is",
    ),
    "job-given-up": Wording(
        zh="试了 {attempts} 次都中断,已停止",
        en="It broke off {attempts} times and was given up",
        remedy_zh="缩小范围后重新开始;仍然中断请把服务记录交给维护人员",
        remedy_en="Start again with less; if it breaks off again, give the server's log to whoever maintains it",
    ),
    "plan-unknown": Wording(
        zh="没有这个推演:{id}",
        en="There is no such what-if: {id}",
        remedy_zh="核对链接,或从推演列表里打开",
        remedy_en="Check the link, or open it from the list of what-ifs",
    ),
    "plan-adopted-already": Wording(
        zh="这个推演已经生成过关闭申请",
        en="Requests have been made from this what-if already",
        remedy_zh="在推演页面查看已生成的申请;要改就重新推演",
        remedy_en="See the requests on its page; to change something, run it again",
    ),
}
