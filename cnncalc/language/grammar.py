"""Nodes → Spec: the structure of a file, before any kind or number is looked at."""

from __future__ import annotations

from cnncalc.language.claims import read_expectations
from cnncalc.language.expressions import is_name
from cnncalc.language.lines import RESERVED, UNIVERSAL, check_layer_name, read_lines
from cnncalc.language.model import Block, Line, Spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems, suggestion
from cnncalc.language.reader import read_nodes
from cnncalc.language.source import Source
from cnncalc.shapes import Layout

FORMAT_VERSION = "1"

KEYS = (
    "cnncalc", "name", "source", "family", "notes", "layout", "input", "inputs",
    "vars", "defaults", "blocks", "layers", "outputs", "expect",
)  # fmt: skip


def read_spec(source: Source) -> Spec:
    """The spec of a text, with all problems of its structure.

    Raises:
        SpecError: nothing in it can be understood, so that there is no spec.
    """
    problems = Problems(source.file, source.text)
    try:
        root = read_nodes(source.text, problems)
        if root is not None and not isinstance(root, MapNode):
            is_table = source.file.lower().endswith((".csv", ".tsv"))
            answers = "; a table of answers is for 'cnncalc grade'" if is_table else ""
            problems.add(root, f"a spec is a mapping with the keys input: and layers:{answers}", "grammar")
        if not isinstance(root, MapNode):
            raise problems.error()
        return _Reader(problems).spec(source, root)
    except TooManyProblems:
        raise problems.error() from None


class _Reader:
    """Reads the parts of a spec, noting problems."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def spec(self, source: Source, root: MapNode) -> Spec:
        self._check_keys(root)
        values = root.values
        return Spec(
            file=source.file,
            text=source.text,
            bundled=source.bundled,
            name=self._words(values.get("name")),
            source=self._text(values.get("source")),
            family=self._words(values.get("family")),
            notes=self._text(values.get("notes")),
            layout=self._layout(values.get("layout")),
            inputs=self._inputs(root),
            variables=self._variables(values.get("vars")),
            defaults=self._defaults(values.get("defaults")),
            blocks=self._blocks(values.get("blocks")),
            layers=self._layers(root),
            outputs=self._outputs(values.get("outputs")),
            claims=read_expectations(values["expect"], self._problems) if "expect" in values else (),
            problems=self._problems.found,
        )

    def _check_keys(self, root: MapNode) -> None:
        for word, key in root.keys.items():
            if word not in KEYS:
                hint = suggestion(word, KEYS) or f"; the keys are {', '.join(KEYS)}"
                self._problems.add(key, f"a spec has no key '{word}'{hint}", "unknown-key")
        version = root.values.get("cnncalc")
        if version is not None and not (isinstance(version, ScalarNode) and version.text == FORMAT_VERSION):
            found = f"'{version.text}'" if isinstance(version, ScalarNode) else "that is a list or mapping"
            message = f"format version {found} is not known; this is version {FORMAT_VERSION}"
            self._problems.add(version, message, "version")

    def _text(self, node: Node | None) -> str:
        """Free text; each text of a list is a paragraph."""
        if node is None:
            return ""
        if isinstance(node, ScalarNode):
            return node.text
        if isinstance(node, ListNode):
            return "\n".join(self._text(item) for item in node.items)
        self._problems.add(node, "text is expected here; put it in quotes if it has a colon", "grammar")
        return ""

    def _words(self, node: Node | None) -> str:
        """Text for one line of a table."""
        return " ".join(self._text(node).split())

    def _layout(self, node: Node | None) -> Layout:
        if node is None:
            return "CHW"
        if isinstance(node, ScalarNode) and node.text in ("CHW", "HWC"):
            return "HWC" if node.text == "HWC" else "CHW"
        found = f", not '{node.text}'" if isinstance(node, ScalarNode) else ""
        self._problems.add(node, f"layout: is CHW or HWC{found}", "layout")
        return "CHW"

    def _inputs(self, root: MapNode) -> dict[str, tuple[ScalarNode, Node]]:
        one, several = root.values.get("input"), root.values.get("inputs")
        if one is not None and several is not None:
            self._problems.add(root.keys["inputs"], "input: and inputs: exclude each other; keep one", "input")
        if one is not None:
            return {"input": (root.keys["input"], one)}
        if several is None:
            self._problems.add(root, "input: is missing, as input: {C: 3, H: 224, W: 224}", "input")
            return {}
        if not isinstance(several, MapNode) or not several.values:
            self._problems.add(several, "inputs: needs names with shapes, as {left: 3x64x64, right: 3x64x64}", "input")
            return {}
        for key in several.keys.values():
            check_layer_name(key, self._problems)
        return {word: (several.keys[word], shape) for word, shape in several.values.items()}

    def _variables(self, node: Node | None) -> dict[str, ScalarNode]:
        variables = {}
        for key, value in self._entries(node, "vars: needs names with numbers, as {width: 0.5}"):
            if not is_name(key.text) or key.text in RESERVED:
                self._problems.add(key, f"'{key.text}' cannot be the name of a variable", "name")
            elif isinstance(value, ScalarNode):
                variables[key.text] = value
            else:
                self._problems.add(value, f"{key.text}: a number is expected", "number")
        return variables

    def _defaults(self, node: Node | None) -> dict[str, tuple[ScalarNode, MapNode]]:
        defaults = {}
        for key, value in self._entries(node, "defaults: needs kinds with parameters, as {conv: {padding: half}}"):
            if isinstance(value, MapNode):
                defaults[key.text] = (key, value)
            else:
                self._problems.add(value, f"{key.text}: parameters are expected, as {{padding: half}}", "grammar")
        return defaults

    def _entries(self, node: Node | None, expected: str) -> list[tuple[ScalarNode, Node]]:
        if node is None:
            return []
        if not isinstance(node, MapNode):
            self._problems.add(node, expected, "grammar")
            return []
        return [(key, node.values[word]) for word, key in node.keys.items()]

    def _blocks(self, node: Node | None) -> dict[str, Block]:
        blocks: dict[str, Block] = {}
        for key, body in self._entries(node, "blocks: needs signatures with layers, as 'double(c): [...]'"):
            name, parameters = _read_signature(key, self._problems)
            if not name:
                continue
            if name in blocks:
                first = blocks[name].at.line + 1
                self._problems.add(key, f"block '{name}' is defined twice (first on line {first})", "block")
                continue
            blocks[name] = Block(name, key, parameters, read_lines(body, self._problems))
        return blocks

    def _layers(self, root: MapNode) -> tuple[Line, ...]:
        node = root.values.get("layers")
        if node is None:
            self._problems.add(root, "layers: is missing, as layers: [{conv: 8, kernel: 3}, relu]", "grammar")
            return ()
        lines = read_lines(node, self._problems)
        if isinstance(node, ListNode) and not node.items:
            self._problems.add(node, "layers: is empty; list at least one layer", "grammar")
        return lines

    def _outputs(self, node: Node | None) -> tuple[ScalarNode, ...]:
        if node is None:
            return ()
        items = node.items if isinstance(node, ListNode) else [node]
        names = tuple(item for item in items if isinstance(item, ScalarNode) and item.text)
        if len(names) < len(items) or not names:
            self._problems.add(node, "outputs: needs names of layers, as [mask, score]", "grammar")
        return names


def _read_signature(key: ScalarNode, problems: Problems) -> tuple[str, dict[str, ScalarNode | None]]:
    """`mbconv(c, t=6, r=in/4)` → its name, and the parameters with their defaults."""
    name, opening, rest = key.text.partition("(")
    name = name.strip()
    parameters: dict[str, ScalarNode | None] = {}
    well_formed = is_name(name) and (not opening or rest.rstrip().endswith(")"))
    if not well_formed or name in RESERVED or name in UNIVERSAL:
        message = f"'{key.text}' is not a block's signature; write name or name(param, param=default)"
        problems.add(key, message, "block")
        return "", parameters
    offset = key.quote + len(key.text) - len(rest)
    inside = rest.rstrip()[:-1]
    for part in _split_arguments(inside) if inside.strip() else ():
        _parameter(key, part, offset, parameters, problems)
        offset += len(part) + 1
    return name, parameters


def _parameter(
    key: ScalarNode, part: str, offset: int, parameters: dict[str, ScalarNode | None], problems: Problems
) -> None:
    word, equals, default = part.partition("=")
    indent = len(word) - len(word.lstrip())
    at = ScalarNode(word.strip(), key.line, key.column + offset + indent)
    if not is_name(at.text) or at.text in RESERVED or at.text in UNIVERSAL:
        problems.add(at, f"'{at.text}' cannot be the name of a parameter", "name")
    elif at.text in parameters:
        problems.add(at, f"parameter '{at.text}' occurs twice in the signature", "block")
    elif equals and not default.strip():
        problems.add(at, f"parameter '{at.text}' has no default after its '='", "block")
    else:
        column = key.column + offset + len(word) + 1 + len(default) - len(default.lstrip())
        parameters[at.text] = ScalarNode(default.strip(), key.line, column) if equals else None


def _split_arguments(text: str) -> list[str]:
    """The parts between the commas outside parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts
