"""The README and the pages of the guide: their blocks, their commands, and the files that they say to save."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FILES = [ROOT / "README.md", *sorted((ROOT / "cnncalc" / "guide").glob("*.md"))]
TEXTS = {file.stem: file.read_text(encoding="utf-8") for file in FILES}
"""Every page by its name."""


class Block(NamedTuple):
    """A fenced block: its page, its language, its text, and the paragraph before it."""

    page: str
    language: str
    body: str
    before: str

    @property
    def file(self) -> str | None:
        """The file that it is to be saved as: the paragraph before it names it, or its first line does."""
        suffix = SUFFIXES.get(self.language)
        if suffix is None:
            return None
        named = [*re.findall(r"`([\w/]+\.\w+)`", self.before), *re.findall(r"\A# (\S+\.\w+)\n", self.body)]
        return next((name for name in reversed(named) if name.endswith(suffix)), None)


SUFFIXES = {"yaml": (".yaml", ".yml"), "csv": ".csv", "ini": ".cfg", "python": ".py"}

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

BLOCKS = [
    Block(page, found[1], found[2], text[: found.start()].rstrip().rpartition("\n\n")[2])
    for page, text in TEXTS.items()
    for found in _FENCE.finditer(text)
]

INSTALLS = [line for block in BLOCKS for line in block.body.splitlines() if "python3 -m venv" in line]

COMMANDS = {
    line.partition(" #")[0].strip(): block.page
    for block in BLOCKS
    if block.language == "sh"
    for line in block.body.splitlines()
    if "cnncalc " in line and line not in INSTALLS and not line.startswith(("pip ", "cd ", "code "))
}
"""Every command that is there to be typed, with its page."""

PRINTED = [block for block in BLOCKS if block.language == "console"]
"""A command each, and what it prints."""

SAVED = {block.file: block.body for block in BLOCKS if block.file}


def blocks(language: str, page: str) -> list[str]:
    """The texts of a page in a language."""
    return [block.body for block in BLOCKS if (block.language, block.page) == (language, page)]


def rewrite(page: str, old: str, new: str) -> None:
    """Put what is true now into the file of a page."""
    (file,) = (file for file in FILES if file.stem == page)
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
