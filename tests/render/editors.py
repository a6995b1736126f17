"""What an editor makes of a spec: YAML 1.2, as the JSON values that a schema looks at."""

import json
import re
from typing import Any

import yaml


class CoreLoader(yaml.SafeLoader):
    """The core schema of YAML 1.2: `yes` is a word, `010` is ten, `1e-5` a number."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, starts in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"), list(starts))
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def editor_value(text: str) -> Any:
    """The document as JSON values; keys are their text.

    Raises:
        yaml.YAMLError: an editor says that this is not YAML.
    """
    if text.startswith("{") and "\t" in text:
        return json.JSONDecoder().raw_decode(text)[0]  # PyYAML does not take tabs, editors do
    loader = CoreLoader(text)
    node = loader.get_single_node()
    return None if node is None else _plain(loader, node)


def _plain(loader: CoreLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
            raise yaml.YAMLError("a key is no word")
        return {key.value: _plain(loader, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item) for item in node.value]
    return loader.construct_object(node)
