"""The pictures that `run --maps` writes: their contents, their files, and the things left out."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from cnncalc.analysis.report import Report
from cnncalc.cli.writing import Written, check_target, write_files
from cnncalc.executor.base import Array
from cnncalc.executor.inputs import Input
from cnncalc.executor.run import Step
from cnncalc.network.model import Node
from cnncalc.render.columns import visible_rows

if TYPE_CHECKING:
    from cnncalc.executor.maps import MapsPicture  # loaded when maps are drawn

SUFFIX = ".png"


class PlannedMaps(NamedTuple):
    """The pictures to be drawn, before anything is computed.

    Attributes:
        where: the folder for a file of each layer, or one file for all.
        inputs: the inputs of the network that are maps.
        first: the first layer with filters; None if none has any.
        names: the rows to draw, by the path of the value that each hands on.
        vectors: the rows that hand on a vector.
        folded: the rows of which only the last layer is drawn.
    """

    where: str
    inputs: tuple[str, ...]
    first: Node | None
    names: Mapping[str, str]
    vectors: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The name of each picture, in order."""
        return (*self.inputs, *([filters_title(self.first)] if self.first else []), *self.names.values())

    @property
    def files(self) -> list[str]:
        """Every file that will be written."""
        if self.where.lower().endswith(SUFFIX):
            return [self.where]
        names = (f"{number:03}-{title.replace('/', '-').replace(' ', '-')}" for number, title in enumerate(self.titles))
        return [os.path.join(self.where, name + SUFFIX) for name in names]


def filters_title(node: Node) -> str:
    """The name of the picture of a layer's filters."""
    return f"{node.path} filters"


def planned_maps(report: Report, where: str, depth: int | None, *, force: bool) -> PlannedMaps:
    """The pictures to be drawn.

    Args:
        report: the report on the network.
        where: a folder, which is made if it is missing, or a .png file.
        depth: how far rows are unfolded; None for down to single layers.
        force: whether files that exist are written over.

    Raises:
        click.UsageError: the files cannot be written, or there is nothing to draw.
    """
    network = report.network
    rows = [row for row in visible_rows(network.rows, depth) if row.start < row.stop]
    maps = {row.output: row.path for row in rows if report.shapes[row.output].rank}
    plan = PlannedMaps(
        where,
        tuple(name for name, shape in network.inputs.items() if shape.rank),
        next((layer.node for layer in report if len(layer.weight_shapes.get("weight", ())) > 2), None),
        maps,
        tuple(row.path for row in rows if not report.shapes[row.output].rank),
        tuple(row.path for row in rows if row.path in maps.values() and row.children),
    )
    _check_where(plan, force=force)
    return plan


def _check_where(plan: PlannedMaps, *, force: bool) -> None:
    where, suffix = plan.where, os.path.splitext(plan.where)[1].lower()
    if not plan.titles:
        raise click.UsageError("--maps draws maps, and this network has vectors only")
    if suffix == SUFFIX and not os.path.isdir(where):
        check_target("--maps", where, force=force)
        return
    if suffix in (".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".npy", ".npz"):
        raise click.UsageError(f"--maps {where}: a folder or a .png file is expected")
    if os.path.lexists(where) and not os.path.isdir(where):
        raise click.UsageError(f"--maps {where}: this is a file; name a folder or a .png file")
    for file in plan.files if os.path.isdir(where) else ():
        check_target("--maps", file, force=force)


class MapsWriter:
    """Draws while a network runs, and writes at its end.

    Args:
        plan: the pictures to be drawn.
    """

    def __init__(self, plan: PlannedMaps) -> None:
        self._plan = plan
        self._found: list[MapsPicture] = []

    def watched(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The steps of a run, as they are."""
        from cnncalc.executor.maps import watched

        return watched(steps, self._plan.names, self._found)

    def write(self, inputs: Mapping[str, Input], weights: Mapping[tuple[str, str], Array], *, force: bool) -> list[str]:
        """Write all pictures.

        Returns:
            Notes for the reader: the place of the pictures, and the things left out.
        """
        from cnncalc.executor.files.png import png_bytes
        from cnncalc.executor.maps import filters_picture, in_one, maps_picture

        first = self._plan.first
        drawn = [maps_picture(name, inputs[name].array[0], image=True) for name in self._plan.inputs]
        if first is not None:
            drawn.append(filters_picture(filters_title(first), weights[first.owner, "weight"]))
        drawn += self._found
        left_out: list[str] = []
        if self._plan.files == [self._plan.where]:
            whole, left_out = in_one(drawn)
            contents = [whole]
        else:
            contents = [picture.pixels for picture in drawn]
        files = [Written(path, png_bytes(pixels)) for path, pixels in zip(self._plan.files, contents, strict=True)]
        write_files(files, force=force)
        return list(self._said(max(len(one.array) for one in inputs.values()), left_out))

    def _said(self, count: int, left_out: list[str]) -> Iterator[str]:
        plan = self._plan
        shown = len(plan.titles) - len(left_out)
        yield f"{shown} pictures in {plan.where}" if shown > 1 else f"1 picture in {plan.where}"
        if count > 1:
            yield f"maps are those of the first of {count:,} inputs"
        if plan.vectors:
            yield f"no maps of {', '.join(plan.vectors)}: vectors have none"
        if plan.folded:
            yield f"of {', '.join(plan.folded)} the last layer is drawn; --depth or --expand unfolds them"
        if left_out:
            yield f"no room in one picture for {', '.join(left_out)}; name a folder"
