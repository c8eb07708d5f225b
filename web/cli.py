"""The `baotong` command: finds the sub-command, and turns every error into its exit code and sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from typing import Final

import click

from geodata.errors import BaotongError, SurroundingsError
from web.answer import ExitCode, exit_code_of, failure_json, failure_text, write_json

#: A command's place, or the commands of a group.
Tree = Mapping[str, "str | Tree"]
#: Keys are the passes': they answer as `baotong keys ...` and as `baotong pass keys ...`.
_KEYS: Final[Tree] = {
    "list": "web.commands.keys:list_keys",
    "new": "web.commands.keys:new",
    "rotate": "web.commands.keys:rotate",
    "export": "web.commands.keys:export",
    "propose": "web.commands.key_acts:propose",
    "confirm": "web.commands.key_acts:confirm",
    "turn-down": "web.commands.key_acts:turn_down",
    "acts": "web.commands.key_acts:list_acts",
    "withdraw": "web.commands.key_acts:withdraw",
    "reissue": "web.commands.key_acts:reissue_passes",
    "root": {
        "new": "web.commands.root:new_root",
        "sign": "web.commands.root:sign",
        "succeed": "web.commands.root:succeed",
    },
    "request": "web.commands.root:request_list",
    "publish": "web.commands.root:publish",
    "trust": {
        "add": "web.commands.key_trust:add",
        "drop": "web.commands.key_trust:drop",
        "list": "web.commands.key_trust:list_trusted",
        "lists": "web.commands.foreign_lists:lists",
        "import": "web.commands.foreign_lists:import_lists",
        "fetch": "web.commands.foreign_lists:fetch",
    },
}
#: Where each command lives; a module is imported only when its command runs, so that a verdict comes at once.
COMMANDS: Final[Tree] = {
    "demo": "web.commands.demo:demo",
    "serve": "web.commands.serve:serve",
    "accounts": {
        "add": "web.commands.accounts:add",
        "list": "web.commands.accounts:list_accounts",
        "reset": "web.commands.accounts:reset",
        "close": "web.commands.accounts:close",
    },
    "county": {
        "new": "web.commands.county:new",
        "check": "web.commands.county:check",
        "update": "web.commands.county_update:update",
        "export": "web.commands.county:export",
    },
    "places": {"import": "web.commands.places:import_places"},
    "areas": {"import": "web.commands.places:import_areas"},
    "whitelist": {"import": "web.commands.whitelist:import_whitelist"},
    "database": {
        "upgrade": "web.commands.database:upgrade",
        "backup": "web.commands.database:backup",
        "restore": "web.commands.database:restore",
    },
    "route": "web.commands.route:route",
    "simulate": "web.commands.simulate:simulate",
    "tracks": {"import": "web.commands.tracks:import_tracks"},
    "critical": "web.commands.critical:critical",
    "work": "web.commands.work:work",
    "closures": {
        "import": "web.commands.closures:import_closures",
        "list": "web.commands.closures:list_closures",
        "export": "web.commands.closures:export_closures",
        "audit": "web.commands.closures:audit",
        "rules": "web.commands.closure_rules:rules",
        "order": "web.commands.closure_order:order",
    },
    "pass": {
        "check": "web.commands.passes:check",
        "issue": "web.commands.passes:issue",
        "show": "web.commands.passes:show",
        "list": "web.commands.passes:list_passes",
        "renew": "web.commands.passes:renew",
        "suspend": "web.commands.passes:suspend",
        "resume": "web.commands.passes:resume",
        "withdraw": "web.commands.passes:withdraw",
        "verify": "web.commands.verify:verify",
        "status-list": "web.commands.status_list:status_list",
        "keys": _KEYS,
    },
    "keys": _KEYS,
    "bench": "web.commands.bench:bench",
    "townships": {"import": "web.commands.places:import_townships"},
    "log": {"verify": "web.commands.log:verify", "checkpoint": "web.commands.log:checkpoint"},
}
HELP: Final = {
    "accounts": "Accounts and roles. / 账号与岗位。",
    "county": "County folder: build, check, update, export. / 县文件夹。",
    "places": "Places. / 地点。",
    "areas": "Areas. / 区域。",
    "townships": "Plans and reserve of the townships. / 乡镇预案与储备运力。",
    "whitelist": "Whitelist of firms. / 白名单。",
    "database": "Database: upgrade, backup, restore. / 数据库。",
    "tracks": "Tracks of trucks. / 行车轨迹。",
    "closures": "Closures and their approvals. / 道路关闭与批准。",
    "pass": "Special passes. / 特殊通行证。",
    "keys": "Signing keys. / 签名密钥。",
    "root": "The offline root that signs the key list. / 根密钥（离线）。",
    "trust": "Other issuers whose passes are taken. / 互认的签发单位。",
    "log": "History log. / 台账。",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when called."""

    def __init__(self, name: str, table: Tree, help_text: str) -> None:
        super().__init__(name=name, help=help_text, short_help=help_text, no_args_is_help=True)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or make the group of that name."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        if not isinstance(entry, str):
            return LazyGroup(cmd_name, entry, HELP[cmd_name])
        module, _, attribute = entry.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        command.short_help = command.short_help or command.help  # the list of commands says it in both languages
        return command


def root() -> click.Group:
    """Return the whole command tree."""
    group = LazyGroup("baotong", COMMANDS, "Baotong 保通：closed-loop routes, special passes, closures and approvals.")
    return click.version_option(package_name="baotong")(group)


def _wants(arguments: Sequence[str], option: str) -> bool:
    return option in arguments


def _lang(arguments: Sequence[str]) -> str:
    named = [value for option, value in pairwise(arguments) if option == "--lang"]
    named += [one.removeprefix("--lang=") for one in arguments if one.startswith("--lang=")]
    lang = named[-1] if named else os.environ.get("BAOTONG_LANG", "zh")
    return "en" if lang == "en" else "zh"


def _report(error: BaotongError, arguments: Sequence[str]) -> None:
    """Write an error where it belongs: JSON to stdout, text to stderr."""
    if _wants(arguments, "--json"):
        write_json(failure_json(error, _lang(arguments)))
    else:
        click.echo(failure_text(error, _lang(arguments)), err=True)


def _usage_error(error: click.ClickException) -> BaotongError:
    message = error.format_message()
    if message == "county-not-named":
        return BaotongError(message)
    context = getattr(error, "ctx", None)
    return BaotongError("usage", context.command_path if context else "baotong", reason=message)


def _failure_of(error: Exception) -> tuple[BaotongError, ExitCode]:
    """Return what to tell and the exit code of whatever ended a command."""
    if isinstance(error, click.ClickException):
        return _usage_error(error), ExitCode.USAGE
    if isinstance(error, BaotongError):
        return error, exit_code_of(error)
    if isinstance(error, OSError | MemoryError):
        place = str(getattr(error, "filename", None) or "")
        return SurroundingsError("surroundings-failed", place, reason=str(error)), ExitCode.SURROUNDINGS
    return BaotongError("bug", type(error).__name__, reason=str(error)), ExitCode.BUG


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; no traceback reaches a user (BAOTONG_DEBUG=1 shows it)."""
    try:
        code = root().main(args=list(arguments), prog_name="baotong", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message())
        return ExitCode.USAGE
    except BrokenPipeError:
        return ExitCode.DONE
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Exception as error:
        if os.environ.get("BAOTONG_DEBUG"):
            raise
        failure, exit_code = _failure_of(error)
        _report(failure, arguments)
        return exit_code


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))
