"""The command line keeps the written contract: every command of its table that is built, with every option it names."""

import re
from pathlib import Path

import click
import pytest

from web import cli
from web.answer import ExitCode

DESIGN = Path(__file__).parents[2] / "shared" / "design.md"
#: What the table names and a later version brings; a row that is built must leave this list.
TO_COME = {
    ("stations",),
    ("plan-townships",),
}
OPTIONS_TO_COME: dict[tuple[str, ...], set[str]] = {}


def contract():
    """The section of the contract, or skip where it is not beside the checkout."""
    if not DESIGN.exists():
        pytest.skip("the written contract is not beside the checkout")
    return DESIGN.read_text(encoding="utf-8").split("## Contract of the command line")[1].split("\n## ")[0]


def rows():
    """Every command of the table with the options named in its row."""
    tops = set(cli.COMMANDS) | {words[0] for words in TO_COME}
    for line in contract().split("```")[1].splitlines():
        group = ""
        for part in re.split(r"\s[|;]\s(?![^(]*\))", line.removeprefix("baotong ")):
            words = re.match(r"(?:[a-z][a-z|-]*(?: |$))*", part.strip() + " ").group().split()
            if words and words[0] in tops:
                group = words.pop(0)
            for name in words[0].split("|") if words else [""]:
                if group:
                    yield tuple(filter(None, (group, name))), set(re.findall(r"--[a-z-]+", part))


def command_of(words):
    """Find a command in the tree."""
    command = cli.root()
    for word in words:
        command = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
    return command


def test_every_row_of_the_table_is_a_command_or_still_to_come():
    named = {words for words, _ in rows()}
    assert len(named) > 25
    built = {
        words for words in named if command_of(words) is not None and not isinstance(command_of(words), click.Group)
    }
    assert named - built == {words for words in TO_COME if words in named}
    assert not built & TO_COME


def test_every_option_of_a_row_is_taken():
    for words, options in rows():
        command = command_of(words)
        if words in TO_COME or command is None:
            continue
        taken = {option for parameter in command.params for option in parameter.opts}
        assert options - taken == OPTIONS_TO_COME.get(words, set()), words


def test_every_exit_code_of_the_contract_is_used():
    text = contract().split("Exit codes:")[1].split("\n")[0]
    named = {int(number) for number in re.findall(r"(?:^|[;,] ?)\s?(\d+) ", text)}
    assert named == {int(code) for code in ExitCode}
