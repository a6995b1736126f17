"""The network that comes out: typed layers in order, edges to earlier ones, and no shape but those of its inputs."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bundled import CORNERS, FOLDER, NAMES
from every import for_every

from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source, read_source
from cnncalc.layers import LAYERS
from cnncalc.network.build import build_network
from cnncalc.network.model import Network, Row, find_row
from cnncalc.shapes import Shape

every_spec = for_every([*CORNERS, *(FOLDER / f"{name}.yaml" for name in NAMES)], lambda file: file.stem)


@cache
def network_of(file: Path) -> Network:
    """The network of a file."""
    return build_network(read_spec(read_source(str(file))))


def all_rows(rows: tuple[Row, ...]) -> Iterator[Row]:
    """Every row at any depth."""
    for row in rows:
        yield row
        yield from all_rows(row.children)


@every_spec
def test_every_edge_points_to_an_earlier_node(file: Path) -> None:
    network = network_of(file)
    known = set(network.inputs)
    for node in network.nodes:
        assert node.inputs
        assert known.issuperset(node.inputs), node
        known.add(node.path)
    assert known.issuperset(network.outputs.values())
    assert network.outputs


@every_spec
def test_no_two_nodes_or_inputs_have_one_path(file: Path) -> None:
    network = network_of(file)
    paths = [*network.inputs, *(node.path for node in network.nodes)]
    assert len(set(paths)) == len(paths)


@every_spec
def test_every_row_is_found_by_its_path_and_holds_its_nodes(file: Path) -> None:
    network = network_of(file)
    rows = list(all_rows(network.rows))
    for row in rows:
        found = find_row(network.rows, row.path)
        assert found is not None
        assert (found.path, found.output) == (row.path, row.output) or row in found.children
        for child in row.children:
            assert row.start <= child.start <= child.stop <= row.stop
        assert all(
            node.path == row.path or node.path.startswith((f"{row.path}/", f"{row.path}."))
            for node in network.nodes[row.start : row.stop]
        )


@every_spec
def test_the_rows_of_the_table_hold_every_node_once(file: Path) -> None:
    network = network_of(file)
    covered = [index for row in network.rows for index in range(row.start, row.stop)]
    assert covered == list(range(len(network.nodes)))


@every_spec
def test_a_node_knows_its_line(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    for node in network_of(file).nodes:
        assert 1 <= node.line <= len(lines)
        assert lines[node.line - 1].strip().strip("[]{},")


@every_spec
def test_every_layer_is_of_a_registered_class(file: Path) -> None:
    assert {type(node.layer) for node in network_of(file).nodes} <= set(LAYERS.values())


def shapes_in(value: object) -> Iterator[Shape]:
    """Every shape that a value holds, at any depth."""
    if isinstance(value, Shape):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from shapes_in(part)
    elif isinstance(value, Mapping):
        yield from shapes_in([*value.keys(), *value.values()])
    elif hasattr(value, "__dict__"):
        yield from shapes_in(vars(value))


# reshape says its shape in the spec; any other shape belongs to the report.
@every_spec
def test_a_network_holds_no_shape_but_those_of_its_inputs(file: Path) -> None:
    network = network_of(file)
    written = [value for node in network.nodes for value in vars(node.layer).values() if isinstance(value, Shape)]
    assert sorted(shapes_in(network)) == sorted([*network.inputs.values(), *written])


def test_two_readings_of_one_spec_give_equal_networks() -> None:
    first, second = (build_network(read_spec(read_source("alexnet"))) for _ in range(2))
    assert first.nodes == second.nodes
    assert first.rows == second.rows


def test_equal_lines_are_equal_layers_and_different_ones_are_not() -> None:
    text = (
        "input: 3x8x8\nlayers:\n- {conv: 3, kernel: 1}\n- {conv: 3, kernel: 1}\n- {conv: 3, kernel: 1, bias: false}\n"
        "- {conv2d: 3, kernel_size: 1}\n- {conv: 3, kernel: 1x1}\n- {conv: in, kernel: 1}\n"
        "- {conv: {filters: 3, kernel: 1}}\n"
    )
    first, *others = (node.layer for node in build_network(read_spec(Source("net.yaml", text))).nodes)
    assert [layer == first for layer in others] == [True, False, True, True, True, True]
    assert [hash(layer) == hash(first) for layer in others if layer == first] == [True] * 5


def test_a_bundled_architecture_says_so() -> None:
    assert build_network(read_spec(read_source("lenet5"))).bundled
    assert not network_of(CORNERS[0]).bundled
