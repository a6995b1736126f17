"""`cnncalc schema`: a JSON document in every locale."""

import json

import pytest
from jsonschema import Draft7Validator
from running import Process


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_the_schema_is_printed(process: Process, encoding: str) -> None:
    done = process("schema", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    document = json.loads(done.stdout.decode(encoding))
    assert document["title"] == "cnncalc spec"
    validator = Draft7Validator(document)
    assert validator.is_valid({"input": "3×8×8", "layers": [{"conv": 4, "kernel": 3}, "relu"]})
    assert not validator.is_valid({"input": "3x8x8", "layers": [{"conv": 4, "kernal": 3}]})
