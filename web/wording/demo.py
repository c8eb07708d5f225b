"""Sentences of the demo and of serving pages."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "not-a-demo-county": Wording(
        zh="这个文件夹不是演示县，没有改动",
        en="This folder is no demo county; it was left alone",
        remedy_zh="用 --dir 换一个文件夹",
        remedy_en="Choose another folder with --dir",
    ),
    "port-taken": Wording(
        zh="端口不能使用：{reason}",
        en="The port cannot be used: {reason}",
        remedy_zh="用 --port 换一个端口，或停掉占用它的程序",
        remedy_en="Choose another with --port, or stop the program that holds it",
    ),
}
