"""Sentences of the database: what is wrong with it, with a backup, and what to do."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

ERRORS: Final = {
    "database-busy": Wording(
        zh="数据库正忙：{reason}",
        en="The database is busy: {reason}",
        remedy_zh="等其他操作结束后重试",
        remedy_en="Wait until the other work is done, then try again",
    ),
    "database-read-only": Wording(
        zh="数据库不能写入：{reason}",
        en="The database cannot be written to: {reason}",
        remedy_zh="给运行程序的账号写权限（文件和所在文件夹），或改用别的数据库",
        remedy_en="Give this account the right to write the file and its folder, or use another database",
    ),
    "database-disk-full": Wording(
        zh="磁盘已满，没有保存：{reason}",
        en="The disk is full; nothing was saved: {reason}",
        remedy_zh="腾出磁盘空间后重试，原有内容没有改动",
        remedy_en="Free disk space and try again; nothing was changed",
    ),
    "database-disk-failed": Wording(
        zh="磁盘读写出错，没有保存：{reason}",
        en="The disk failed; nothing was saved: {reason}",
        remedy_zh="检查磁盘空间、配额和磁盘状况后重试",
        remedy_en="Check disk space, quotas and the disk itself, then try again",
    ),
    "database-broken": Wording(
        zh="数据库文件已损坏：{reason}",
        en="The database is damaged: {reason}",
        remedy_zh="移开这个数据库，用 baotong database restore 恢复最近的备份",
        remedy_en="Move it aside and put the newest backup back with `baotong database restore`",
    ),
    "database-not-ours": Wording(
        zh="这不是本系统的数据库：{reason}",
        en="This is not a database of Baotong: {reason}",
        remedy_zh="核对 --database-url，或换一个空的数据库",
        remedy_en="Check --database-url, or name an empty database",
    ),
    "database-needs-upgrade": Wording(
        zh="数据库还没有建好或版本较旧",
        en="The database is empty or of an older version",
        remedy_zh="运行 baotong database upgrade",
        remedy_en="Run `baotong database upgrade`",
    ),
    "database-newer": Wording(
        zh="数据库版本（{revision}）比本程序（{known}）新",
        en="The database ({revision}) is newer than this program ({known})",
        remedy_zh="升级程序后再用",
        remedy_en="Upgrade Baotong, then try again",
    ),
    "database-copy-failed": Wording(
        zh="升级前备份失败，没有升级：{reason}",
        en="The copy before the upgrade failed; nothing was upgraded: {reason}",
        remedy_zh="腾出磁盘空间或改正权限后重试",
        remedy_en="Free disk space or mend permissions, then try again",
    ),
    "database-empty": Wording(
        zh="数据库是空的，没有可备份的内容",
        en="The database is empty; there is nothing to back up",
        remedy_zh="核对 --county 或 --database-url",
        remedy_en="Check --county or --database-url",
    ),
    "database-not-empty": Wording(
        zh="数据库里已有内容，没有恢复",
        en="The database holds records already; nothing was restored",
        remedy_zh="加 --replace 替换（会先另存现有内容），或换一个空的数据库",
        remedy_en="Add --replace to replace them (they are saved first), or name an empty database",
    ),
    "backup-file-exists": Wording(
        zh="已有同名文件，没有覆盖",
        en="There is a file of this name already; it was not touched",
        remedy_zh="换一个文件名",
        remedy_en="Choose another name",
    ),
    "backup-unreadable": Wording(
        zh="这不是本系统的备份文件：{reason}",
        en="This is not a backup of Baotong: {reason}",
        remedy_zh="核对文件",
        remedy_en="Check the file",
    ),
    "backup-broken": Wording(
        zh="备份文件不完整或被改动：{reason}",
        en="The backup is incomplete or was changed: {reason}",
        remedy_zh="换用另一份备份，数据库没有改动",
        remedy_en="Use another backup; the database was not touched",
    ),
    "backup-newer": Wording(
        zh="备份版本（{revision}）比本程序（{known}）新",
        en="The backup ({revision}) is newer than this program ({known})",
        remedy_zh="升级程序后再恢复",
        remedy_en="Upgrade Baotong, then restore",
    ),
}
FINDINGS: Final[dict[str, Wording]] = {}
