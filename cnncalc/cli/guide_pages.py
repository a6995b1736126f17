"""The pages of the manual: files, and pages that are made from the owners of their facts."""

from __future__ import annotations

import os.path
from importlib import import_module

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "guide")
"""The folder of the files: TOPIC.md, with a title and then what the page is about."""

MADE = {
    "kinds": "render.reference",
    "mistakes": "homework.class_view",
    "rules": "check.rules_view",
    "words": "render.foreign_words",
}
"""The pages without a file: each is made by `page` of a module."""


def topics() -> list[str]:
    """Every page by its name."""
    return sorted([*MADE, *(name.removesuffix(".md") for name in os.listdir(FOLDER) if name.endswith(".md"))])


def page(topic: str) -> str:
    """A page of the manual, in Markdown."""
    if topic in MADE:
        made: str = import_module(f"cnncalc.{MADE[topic]}").page()
        return made
    with open(os.path.join(FOLDER, f"{topic}.md"), encoding="utf-8") as file:
        return file.read()


def about(topic: str) -> str:
    """The subject of a page, in a sentence or two."""
    return page(topic).split("\n\n")[1].replace("\n", " ")
