"""The statements of a file as `expect:`, and the place of the file that each line of a spec comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cnncalc.errors import SpecError
from cnncalc.importing.folding.same import paired
from cnncalc.importing.model import ModelClaim, ModelGraph, ModelPlace
from cnncalc.importing.stored import StoredValues, stored_values
from cnncalc.language.grammar import read_spec
from cnncalc.language.origins import Origin, Origins
from cnncalc.language.source import Source
from cnncalc.network.build import build_network
from cnncalc.network.model import Node, Row
from cnncalc.shapes import Shape


def placed(text: str, graph: ModelGraph, file: str, content: bytes) -> tuple[str, Origins | None]:
    """The text of a spec with the claims of the graph, and the origins of its lines.

    The file has no places that a reader could go to if it has no lines, or if layers are called by other names there.
    """
    if not graph.claims and not any(node.at.is_known for node in graph.nodes):
        return text, None
    try:
        network = build_network(read_spec(Source(file, text)))
    except SpecError:  # a spec that leaves out sizes
        return text, None
    pairs = paired(graph, network)
    texts = {file: content.decode("utf-8-sig", "replace"), **graph.texts}
    places = _Places(texts, file)
    lines, layers = dict[int, Origin](), dict[str, Origin]()
    origin = Origin(file, 1)
    for node in graph.nodes:
        if node.at.is_known or not node.at.text:  # a line without a place of its own gets that of the line before
            origin = places.origin(node.at)
        if node.name in pairs:
            layers[pairs[node.name].path] = origin
            lines.setdefault(pairs[node.name].line, origin)
    for row in _all_rows(network.rows):
        if row.start < row.stop and (at := layers.get(network.nodes[row.start].path)) is not None:
            layers.setdefault(row.path, at)
            lines.setdefault(row.line, at)
    count = text.count("\n")
    claims = [_with_followers(claim, pairs, stored_values(graph)) for claim in graph.claims]
    for number, (line, claim) in enumerate(_expectations(claims, graph, pairs), start=count + 1):
        text += f"{line}\n"
        if claim is not None:
            lines[number] = places.origin(claim.at, claim.length)
    return text, Origins(texts, lines, layers)


def _all_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows, and the rows below them."""
    for row in rows:
        yield row
        yield from _all_rows(row.children)


def _with_followers(claim: ModelClaim, pairs: Mapping[str, Node], stored: Mapping[str, StoredValues]) -> ModelClaim:
    """A claim about the params of a layer as one about its line, which has a norm that follows as well."""
    if claim.figure != "params" or claim.value not in pairs or not isinstance(claim.stated, int):
        return claim
    line = f"{pairs[claim.value].path}/"
    after = sum(stored[name].learned for name, node in pairs.items() if node.path.startswith(line))
    return claim._replace(stated=claim.stated + after)


def _expectations(
    claims: Iterable[ModelClaim], graph: ModelGraph, pairs: Mapping[str, Node]
) -> Iterator[tuple[str, ModelClaim | None]]:
    """The lines of `expect:`, each with the claim that it makes; of two claims about one figure the wrong one."""
    found: dict[str, dict[str, ModelClaim]] = {}
    for claim in sorted(claims, key=lambda one: one.holds):
        if not claim.value or claim.value in pairs:
            path = pairs[claim.value].path if claim.value else ""
            found.setdefault(path, {}).setdefault(claim.figure, claim)
    if found:
        yield "expect:", None
    for figure, claim in found.pop("", {}).items():
        yield f"  {figure}: {claim.stated}", claim
    if found:
        yield "  layers:", None
    for path, figures in found.items():
        yield f"    {path}:", None
        for figure, claim in figures.items():
            stated = claim.stated.text(graph.layout) if isinstance(claim.stated, Shape) else str(claim.stated)
            yield f"      {figure}: {stated}", claim


class _Places:
    def __init__(self, texts: Mapping[str, str], file: str) -> None:
        self._file = file
        self._lines = {name: text.splitlines() for name, text in texts.items()}

    def origin(self, at: ModelPlace, length: int = 0) -> Origin:
        """A place of the model as a place of its file: a whole line if it has no length."""
        file = at.file or self._file
        lines = self._lines.get(file, [])
        line = lines[at.line - 1] if at.line <= len(lines) else ""
        bare = line.strip()
        words = "" if at.file else at.text
        if length or not bare:
            return Origin(file, at.line, at.column, length or 1, words)
        return Origin(file, at.line, line.index(bare) + 1, len(bare), words)
