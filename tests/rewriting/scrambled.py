"""The same spec in another layout: brackets or indentation, keys in any order, aliases, blanks, comments."""

import json
import re
from random import Random

from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems
from cnncalc.language.reader import read_nodes
from cnncalc.network.vocabulary import ALIASES, WORDS, kind_of

PARAMETERS = {spelling for word in WORDS for spelling in kind_of(word).spellings}
"""Words that are parameters; `scale` is a kind, too."""
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./*+()=x-]*")


def scrambled(text: str, random: Random) -> str:
    """A spec's text in some other layout, with new comments; its own comments are lost."""
    root = read_nodes(text, Problems("", text))
    assert isinstance(root, MapNode)
    written = _Writer(random).document(root)
    return written.replace("\n", random.choice(["\n", "\n", "\r\n"]))


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments = 0

    def document(self, root: MapNode) -> str:
        start = self.random.choice(["", "", "---\n", "# top\n\n", "# yaml-language-server: $schema=x.json\n", "\n\n"])
        if not self.random.randrange(8):
            return f"{start}{self.brackets(root, 1)}\n"
        keys = list(root.keys)
        self.random.shuffle(keys)
        lines = self.mapping(root, 0, keys, top=True)
        return start + "\n".join(lines) + self.random.choice(["\n", "", "\n# end\n", "\n\n\n"])

    # Block style

    def node(self, node: Node, indent: int) -> list[str] | str:
        """A string if it is on the line of its key or dash, else lines."""
        if isinstance(node, ScalarNode):
            return self.scalar(node, flow=False)
        empty = not (node.items if isinstance(node, ListNode) else node.keys)
        if empty or self.random.random() < 0.6:
            return self.brackets(node, indent + 1)
        return (
            self.sequence(node, indent) if isinstance(node, ListNode) else self.mapping(node, indent, list(node.keys))
        )

    def sequence(self, node: ListNode, indent: int) -> list[str]:
        lines = []
        for item in node.items:
            lines += self.trivia(indent)
            gap = " " * self.random.choice([1, 1, 1, 3])
            inner = self.node(item, indent + 1 + len(gap))
            if isinstance(inner, str):
                lines.append(self.commented(f"{' ' * indent}-{gap}{inner}".rstrip(), inner))
            elif self.random.random() < 0.2:
                lines += [self.commented(f"{' ' * indent}-", ""), *inner]
            else:
                # The dash goes before the first word; comments above that stay above.
                first = next(i for i, line in enumerate(inner) if line.strip() and not line.lstrip().startswith("#"))
                inner[first] = f"{' ' * indent}-{gap}{inner[first][indent + 1 + len(gap) :]}"
                lines += inner
        return lines

    def mapping(self, node: MapNode, indent: int, keys: list[str], *, top: bool = False) -> list[str]:
        if self.has_one_kind(node):
            self.random.shuffle(keys)
        lines: list[str] = []
        for key in keys:
            lines += self.trivia(indent)
            value = node.values[key]
            deeper = isinstance(value, MapNode) or self.random.random() < 0.5
            inner = self.node(value, indent + (self.random.choice([1, 2, 4]) if deeper else 0))
            word = " " * indent + self.word(self.key(node, key))
            if isinstance(inner, str):
                split = inner and self.random.random() < 0.05
                text = f"{word}:\n{' ' * (indent + 2)}{inner}" if split else f"{word}:{self.blank()}{inner}".rstrip()
                lines.append(self.commented(text, inner))
            else:
                lines += [self.commented(f"{word}:", ""), *inner]
        return lines

    def trivia(self, indent: int) -> list[str]:
        lines = []
        while self.random.random() < 0.15:
            column = self.random.choice([indent, indent, 0, indent + 3])
            lines.append(self.random.choice(["", " " * column + self.comment()]))
        return lines

    def commented(self, text: str, inner: str) -> str:
        """The text, sometimes with a comment after it."""
        if self.random.random() < 0.8:
            return text
        return text + self.random.choice([" ", "  ", "     "]) + self.comment()

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}, [x]: {{y}} - 'z"

    def blank(self) -> str:
        return self.random.choice([" ", " ", "  "])

    # Flow style

    def brackets(self, node: Node, indent: int) -> str:
        if isinstance(node, ScalarNode):
            return self.scalar(node, flow=True)
        several = self.random.random() < 0.15
        if isinstance(node, ListNode):
            return self.enclosed("[", [self.brackets(item, indent) for item in node.items], "]", indent, several)
        keys = list(node.keys)
        if self.has_one_kind(node):
            self.random.shuffle(keys)
        entries = []
        for key in keys:
            value = self.first(node, key, self.brackets(node.values[key], indent))
            entries.append(f"{self.word(self.key(node, key))}:{self.blank()}{value}")
        return self.enclosed("{", entries, "}", indent, several)

    def enclosed(self, opening: str, entries: list[str], closing: str, indent: int, several: bool) -> str:
        if not several:
            pad = self.random.choice(["", "", " "])
            comma = self.random.choice([", ", ", ", ",  ", " , "])
            return f"{opening}{pad}{comma.join(entries)}{pad}{closing}"
        text = opening
        for number, entry in enumerate(entries):
            comma = "," if number < len(entries) - 1 else self.random.choice(["", ","])
            comment = f" {self.comment()}" if self.random.random() < 0.2 else ""
            text += f"{entry}{comma}{comment}\n{' ' * (indent + self.random.choice([0, 0, 2]))}"
        return text + closing

    def first(self, node: MapNode, key: str, value: str) -> str:
        """A value, now and then in the long form: by the name of its kind's first parameter."""
        if (
            key not in WORDS
            or key in PARAMETERS
            or isinstance(node.values[key], MapNode)
            or not value
            or self.random.random() < 0.9
        ):
            return value
        name = kind_of(key).first
        return self.enclosed("{", [f"{name}: {value}"], "}", 1, self.random.random() < 0.2) if name else value

    # Words

    def word(self, text: str) -> str:
        return text if PLAIN.fullmatch(text) and self.random.random() < 0.95 else json.dumps(text, ensure_ascii=False)

    def scalar(self, node: ScalarNode, *, flow: bool) -> str:
        if not node.text:
            return ""
        if PLAIN.fullmatch(node.text) and self.random.random() < 0.95:
            return node.text
        return json.dumps(node.text, ensure_ascii=False)

    def has_one_kind(self, node: MapNode) -> bool:
        """Whether a line's keys may come in any order: in `{conv: 4, bn, relu}` the first word is the layer."""
        return sum(word.lower() in WORDS for word in node.keys) == 1

    def key(self, node: MapNode, key: str) -> str:
        """A key, or one of its aliases."""
        if self.random.random() < 0.7:
            return key
        if key in WORDS:
            # An alias without a rank: those with one would assert it.
            return self.random.choice(
                [key, *(a for a, (word, rank) in ALIASES.items() if word == key and rank is None)]
            )
        kinds = [kind_of(word) for word in node.keys if word in WORDS]
        if not kinds or kinds[0].spellings.get(key) != key:
            return key
        return self.random.choice(
            [key, *(s for s, name in kinds[0].spellings.items() if name == key and s != "ceil_mode")]
        )
