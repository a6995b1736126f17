"""Small .pt2 and ONNX files, made without torch: what a test says of them is all that is in them."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    file = BytesIO()
    with ZipFile(file, "w") as made:
        for name, text in members.items():
            made.writestr(name, text)
    return file.getvalue()


def pt2(
    values: Mapping[str, Sequence[int]],
    nodes: Sequence[tuple[str, str, Mapping[str, Any]]],
    output: str,
    modules: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """A .pt2 file.

    Args:
        values: name → dims; those that start with `p_` are parameters, `b_` buffers, `x` is the input.
        nodes: name of the output, target and arguments; a text is the name of a value, `None` is none.
        output: the value that the network gives.
        modules: path and class of the module of a node; else its name.
    """
    inside = {name: ",".join((modules or {}).get(name, (name, "Module"))) for name, _, _ in nodes}
    graph = {
        "nodes": [
            {
                "target": f"torch.ops.aten.{target}",
                "inputs": [{"name": name, "arg": _argument(value)} for name, value in arguments.items()],
                "outputs": [{"as_tensor": {"name": name}}],
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
        case [str(), *_] as names:
            return {"as_tensors": [{"name": name} for name in names]}
        case _:
            return {"as_ints": value}
