"""Small .pt2 and ONNX files, made without torch: what a test says of them is all that is in them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from cnncalc.errors import SpecError


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    file = BytesIO()
    with ZipFile(file, "w") as made:
        for name, text in members.items():
            made.writestr(name, text)
    return file.getvalue()


def said(text: str) -> str:
    """What an imported spec says in one line: its comments but the first, its defaults, its layers without shapes."""
    comments, _, body = text.partition("input:")
    notes = [line for line in comments.splitlines() if line.startswith("# ")][1:]
    plain = re.sub(r",\s+out: [^}]*", "", body.partition("}\n")[2].removeprefix("layers:"))
    return " ".join([*notes, *plain.split()])


def lines_of(file: str) -> dict[str, str]:
    """What is imported of pieces of code, from a file with a line for each: `code => what is said`."""
    text = Path(__file__).with_name(file).read_text("utf-8")
    return dict(line.split(" => ") for line in text.splitlines() if not line.startswith("#"))


def said_of(import_: Callable[[], str]) -> str:
    """What an import says: the spec in one line, or the message without the name of the file."""
    try:
        return said(import_()).removeprefix("# the input 8x4x4 is that of a call in the source ")
    except SpecError as error:
        (message,) = error.lines()
        return message.partition(":")[2].removesuffix(" (unreadable)")


def pt2(
    values: Mapping[str, Sequence[int]],
    nodes: Sequence[tuple[str, str, Mapping[str, Any]]],
    output: str,
    modules: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """A .pt2 file.

    Args:
        values: name → dims; those that start with `p_` are parameters, `b_` buffers, `x` is the input.
        nodes: name of the output, target and arguments; a text is the name of a value, bytes are a text, `None` is
            none. An output of several values has their names with spaces between them.
        output: the value that the network gives.
        modules: path and class of the module of a node; else its name.
    """
    inside = {name: ",".join((modules or {}).get(name, (name, "Module"))) for name, _, _ in nodes}
    graph = {
        "nodes": [
            {
                "target": f"torch.ops.aten.{target}",
                "inputs": [{"name": name, "arg": _argument(value)} for name, value in arguments.items()],
                "outputs": _outputs(name.split()),
                "metadata": {"nn_module_stack": f"L__self__,,a.Net;L__self__{name},{inside[name]}"},
            }
            for name, target, arguments in nodes
        ],
        "tensor_values": {name: {"sizes": [{"as_int": n} for n in dims]} for name, dims in values.items()},
    }
    specs = [_spec(name) for name in values if name.startswith(("p_", "b_", "x"))]
    signature = {"input_specs": specs, "output_specs": [{"user_output": {"arg": {"as_tensor": {"name": output}}}}]}
    program = {"graph_module": {"graph": graph, "signature": signature}, "schema_version": {"major": 8, "minor": 20}}
    return archive({"net/models/model.json": json.dumps(program)})


def _outputs(names: list[str]) -> list[dict[str, Any]]:
    if len(names) == 1:
        return [{"as_tensor": {"name": names[0]}}]
    return [{"as_tensors": [{"name": name} for name in names]}]


def _spec(name: str) -> dict[str, Any]:
    if name.startswith("p_"):
        return {"parameter": {"arg": {"name": name}, "parameter_name": name}}
    if name.startswith("b_"):
        return {"buffer": {"arg": {"name": name}, "buffer_name": name}}
    return {"user_input": {"arg": {"as_tensor": {"name": name}}}}


def _argument(value: object) -> dict[str, Any]:
    match value:
        case None:
            return {"as_none": True}
        case bool():
            return {"as_bool": value}
        case int():
            return {"as_int": value}
        case float():
            return {"as_float": value}
        case str():
            return {"as_tensor": {"name": value}}
        case bytes():
            return {"as_string": value.decode()}
        case [str(), *_] as names:
            return {"as_tensors": [{"name": name} for name in names]}
        case _:
            return {"as_ints": value}


def keras(*layers: tuple[str, Mapping[str, Any]], shape: Sequence[int | None]) -> bytes:
    """The JSON of a Sequential of these classes with their configurations, named a, b, ..., on an input `x`."""
    named = [("InputLayer", {"batch_shape": [None, *shape]}), *layers]
    made = [
        {"class_name": class_, "config": {"name": name, **config}}
        for name, (class_, config) in zip("xabcdefgh", named, strict=False)
    ]
    return json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": made}}).encode()


def onnx(word: str, shape: Sequence[int | str], *weights: Sequence[int] | Sequence[float], **attributes: Any) -> bytes:
    """An ONNX file of one node `n` that reads `x`, and weights.

    Args:
        word: its type.
        shape: of x, with the batch.
        weights: what it reads beside x: the dims of a weight as a tuple, the numbers of a constant as a list.
        attributes: of the node; `outputs` is how many outputs it has.
    """
    from onnx import TensorProto, helper

    names, outputs = [f"w{number}" for number in range(len(weights))], attributes.pop("outputs", 1)
    tensors = []
    for name, values in zip(names, weights, strict=True):
        type_ = TensorProto.INT64 if all(isinstance(one, int) for one in values) else TensorProto.FLOAT
        if isinstance(values, tuple):
            tensors.append(helper.make_tensor(name, TensorProto.FLOAT, values, [0.0] * prod(values)))
        elif values:
            tensors.append(helper.make_tensor(name, type_, [len(values)], values))
    inputs = [name if values else "" for name, values in zip(names, weights, strict=True)]
    node = helper.make_node(word, ["x", *inputs], ["y", *(f"y{n}" for n in range(1, outputs))], "n", **attributes)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    content: bytes = helper.make_model(helper.make_graph([node], "net", [x], [y], tensors)).SerializeToString()
    return content


def onnx_graph(nodes: str, shape: str = "1,8,4,4") -> bytes:
    """An ONNX file that makes `y` of `x`, from nodes in ONNX's own syntax.

    In them `i7` is the constant [7], `f0_5` [0.5], and `w4_6`, `w4_6a` and so on are weights of 4x6.
    """
    from onnx import parser

    constants = "".join(
        f"{name} = Constant <value_{'ints' if name[0] == 'i' else 'floats'} = [{name[1:].replace('_', '.')}]> () "
        for name in dict.fromkeys(re.findall(r"\b(?:i\d+|f\d+_\d+)\b", nodes))
    )
    weights = {name: name[1:].rstrip("abcd").split("_") for name in re.findall(r"\bw\d+(?:_\d+)*[abcd]?\b", nodes)}
    values = {name: ", ".join(["0"] * prod(map(int, dims))) for name, dims in weights.items()}
    stored = ", ".join(f"float[{','.join(dims)}] {name} = {{{values[name]}}}" for name, dims in weights.items())
    head = f'<ir_version: 8, opset_import: ["" : 17]> net (float[{shape}] x) => (float y)'
    text = f"{head} {f'<{stored}>' if stored else ''} {{ {constants}{nodes} }}"
    content: bytes = parser.parse_model(text).SerializeToString()
    return content
