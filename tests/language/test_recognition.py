"""Specs are told from the other YAML files of a repository without being parsed."""

import pytest

from cnncalc.language.recognition import is_spec

SPECS = {
    "layers: at the start": b"layers:\n- relu\n",
    "behind other keys": b"name: x\ninput: 3x8x8\nlayers: [relu]\n",
    "comments and a document's start before it": b"# a net\n\n---\n# more\nlayers: []\n",
    "a directive, which is refused later": b"%YAML 1.2\n---\nlayers: []\n",
    "a byte order mark": b"\xef\xbb\xbflayers: []\n",
    "Windows line ends": b"input: 3x8x8\r\nlayers: []\r\n",
    "old Mac line ends": b"input: 3x8x8\rlayers: []\r",
    "quotes": b"'input': 3x8x8\n\"layers\": []\n",
    "a blank before the colon": b"layers : []\n",
    "nothing behind it": b"layers:",
    "everything indented": b"  input: 3x8x8\n  layers: []\n",
    "braces": b"{input: 3x8x8, layers: [relu]}",
    "JSON": b'{"input": {"C": 3, "H": 8, "W": 8},\n "layers": ["relu"]}',
    "braces behind a document's start": b"--- {layers: [relu]}\n",
    "quoted brackets before the key": b'{name: \'a { b\', source: "c \\" [", layers: []}',
    "a comment with brackets before the key": b"{input: 3x8x8, # x } {\n layers: []}",
    "layer: for layers:": b"input: 3x8x8\nlayer: [relu]\n",
    "a version, and layers: misspelt": b"cnncalc: 1\ninput: 3x8x8\nlayres: [relu]\n",
    "an input and claims": b"inputs: {a: 3x8x8}\nexpect: {params: 1}\n",
    "an input and blocks in braces": b"{input: 3x8x8, blocks: {}}",
    "a slip in its YAML": b"input: [3x8x8\nlayers: []\n  x: y: z\n",
    "UTF-16 with its mark": "layers: []\n".encode("utf-16"),
    "UTF-16 the other way round": b"\xfe\xff" + "layers: []\n".encode("utf-16-be"),
    "Latin-1": "name: Réseau\nlayers: []\n".encode("latin-1"),
}


@pytest.mark.parametrize("content", SPECS.values(), ids=SPECS)
def test_a_spec(content: bytes) -> None:
    assert is_spec(content)


OTHERS = {
    "an empty file": b"",
    "a compose file": b"services:\n  web:\n    image: x\n    layers: [a]\n",
    "an input of something else": b"name: x\ninputs:\n  token: {required: true}\nruns: {using: composite}\n",
    "claims of a key": b"expect: {params: 1, layers: {}}\n",
    "a list": b"- layers: [a]\n- layers: [b]\n",
    "a key that ends alike": b"sublayers: []\nmy-layers: []\n",
    "a key that begins alike": b"layers_of_cake: []\n",
    "the word in a text": b"notes: the layers: of cake\n",
    "the word in a block of text": b"notes: |\n  x\n  layers: []\n",
    "the word in a comment": b"# layers: []\nname: x\n",
    "the key further in": b"{a: {layers: []}, b: [{layers: []}]}",
    "the key in a quoted text": b"{a: \"b, layers: []\", c: 'layers: []'}",
    "the key in a comment between braces": b"{a: b, # layers: []\n c: d}",
    "a key that ends alike in braces": b"{sublayers: [], my-layers: []}",
    "the key behind the braces": b"{a: b}\n# layers: []\n",
    "UTF-16 of something else": "services: []\n".encode("utf-16"),
    "a binary file": bytes(range(256)),
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_something_else(content: bytes) -> None:
    assert not is_spec(content)


HOSTILE = {
    "quotes that are never closed": b'{"' + b'\\"' * 1_900_000 + b"layers",
    "quotes of both sorts": b"{" + b"'\"" * 1_900_000 + b"layers",
    "blanks": b"{layers" + b" " * 3_900_000,
    "lines": b"\n" * 3_900_000 + b"layers",
    "brackets": b"{" * 3_900_000 + b"layers",
    "words": b"layers\n" * 500_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_4_mb_that_are_made_to_be_slow_are_no_spec(content: bytes) -> None:
    # In linear time it takes a second; a scan that starts anew at every quote would never end.
    assert not is_spec(content)
