"""The chains of a class of PyTorch: parts that are called one after another, and their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnncalc.exporting.framework import Definition
from cnncalc.exporting.parts import (
    RESERVED,
    CodePart,
    identifier,
)
from cnncalc.exporting.torch_prelude import PRELUDE

TAKEN = (
    "T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches "
    "eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict "
    "modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook "
    "register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook register_module "
    "register_parameter requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train "
    "training type xpu zero_grad self nn torch F"
)
"""Names that every module already has."""

Chain = list[CodePart]


class TorchChains:
    """The parts of one class in chains."""

    def __init__(
        self, definition: Definition, definitions: Mapping[str, Definition], results: Sequence[str] = (),
        title: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._definition, self._definitions = definition, definitions
        self._results = results or (definition.result,)
        self._top = bool(results)
        self._title = title
        self._readers: dict[str, list[str]] = {}
        for part in definition.parts:
            for read in dict.fromkeys(part.reads):
                self._readers.setdefault(read, []).append(part.name)
        for result in self._results:
            self._readers.setdefault(result, []).append("")
        self._shared = {part.shares for part in definition.parts}
        self._reserved = {"x", *RESERVED, *PRELUDE, *definitions, *definition.entries}
        self._attributes: dict[str, str] = {}
        self._taken = {*TAKEN.split()}
        self._chains = self._chained()
        self._parts = {part.name: part for part in definition.parts}
        self._places = {part.name: number for number, chain in enumerate(self._chains) for part in chain}

    def _chained(self) -> list[Chain]:
        """The parts in chains, each of which can be one module; any other part is alone."""
        chains: list[Chain] = []
        for part in self._definition.parts:
            last = chains[-1][-1] if chains else None
            joined = last is not None and self._joined(last, part) and chains[-1][0].is_module
            if joined:
                chains[-1].append(part)
            else:
                chains.append([part])
        return chains

    def _joined(self, last: CodePart, part: CodePart) -> bool:
        """Whether a part is called with the value of the last one, and nothing else reads that."""
        if part.shares or last.shares or {part.name, last.name} & self._shared:
            return False
        if self._top and {last.frozen, part.frozen} == {True, False}:
            return False
        alone = part.is_module and part.reads == (last.name,) and len(self._readers[last.name]) == 1
        return alone and (not self._top or part.row == last.row)

    def _condition(self, part: CodePart) -> str:
        """The condition of a part; empty if it is always there."""
        return str(self._definition.conditions.get(part.name, ""))

    def _function(self, chain: Chain) -> str:
        """The form of the activation at the end of a chain, if it is a function and not a module."""
        last = chain[-1].piece
        if self._condition(chain[-1]) or not last.function or len(chain) > (2 if self._top else 1):
            return ""
        if self._top and len(chain) == 2 and chain[0].line != chain[1].line:
            return ""
        return last.function

    def _attribute(self, key: str, wanted: str) -> str:
        if key not in self._attributes:
            self._attributes[key] = identifier(wanted, self._taken)
            self._taken.add(self._attributes[key])
        return self._attributes[key]

    def _chain_name(self, chain: Chain) -> str:
        """The name of a chain: as its line, its place in branches, or body."""
        line = chain[0].line
        words = line.split("/")
        if self._top:
            word = words[0].partition(".")[0]
            kind = chain[0].piece.make if chain[0].piece.make in self._definitions else "layer"
            name = "_".join([word, *words[1:]])
            return identifier(name, start=identifier(kind).lower())
        if "shortcut" in words:
            return "shortcut"
        branch = chain[0].branch
        if branch and self._branches() > 1:
            return f"branch{branch}"
        if branch:
            return "gate" if any(" * " in part.piece.form for part in self._definition.parts) else "branch"
        return chain[0].word if len({part.line for part in chain}) == 1 else "body"

    def _branches(self) -> int:
        """The branches that are modules."""
        words = (part.line.split("/")[:-1] for part in self._definition.parts if part.is_module)
        return len({word for line in words for word in line if word.isdigit()})
