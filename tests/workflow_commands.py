"""Reads GitHub's workflow commands from a log, as its runner does.

Grammar: GitHub, "Workflow commands for GitHub Actions", `::name key=value,key=value::message`; escapes as
`ActionCommand.TryParseV2` of its runner undoes them: %25 is a percent sign, %0D and %0A are line ends, and in a
property %3A is a colon and %2C a comma.
"""

import re
from typing import NamedTuple

DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
PROPERTY = DATA | {"%3A": ":", "%2C": ","}


class Command(NamedTuple):
    """A command with its properties and message as they were before escaping."""

    name: str
    properties: dict[str, str]
    message: str


def unescaped(text: str, escapes: dict[str, str]) -> str:
    return re.sub("|".join(escapes), lambda match: escapes[match[0].upper()], text, flags=re.IGNORECASE)


def read_log(log: str) -> tuple[list[Command], list[str]]:
    """The commands in a log, and its other lines. Every line that begins with `::` must be a command."""
    commands: list[Command] = []
    others: list[str] = []
    for line in re.split("\r\n|[\r\n]", log):
        if not line.lstrip().startswith("::"):
            others.append(line)
            continue
        head, separator, message = line.lstrip()[2:].partition("::")
        assert separator, line
        name, _, properties = head.partition(" ")
        pairs = [pair.partition("=") for pair in properties.split(",") if pair]
        assert all(equals for _, equals, _ in pairs), line
        read = {key.strip(): unescaped(value, PROPERTY) for key, _, value in pairs}
        assert len(read) == len(pairs), line
        commands.append(Command(name, read, unescaped(message, DATA)))
    return commands, others
