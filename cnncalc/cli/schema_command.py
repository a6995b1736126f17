"""`cnncalc schema`: the JSON Schema of the language, for editors."""

from __future__ import annotations

import json

import click

from cnncalc.cli.common import ascii_only
from cnncalc.render.schema import schema_document

EPILOG = """\b
The first line of a spec that lies beside the schema:
  # yaml-language-server: $schema=cnncalc.schema.json

\b
Examples:
  cnncalc schema
  cnncalc schema > cnncalc.schema.json
  cnncalc schema > ~/cnncalc.schema.json
"""


@click.command(epilog=EPILOG)
def command() -> None:
    """The JSON Schema of the spec language, for editors.

    An editor with a YAML language server then completes kinds and parameters, shows what they mean, and
    marks what cannot be right. It sees the words of a spec, not its arithmetic: shapes, names of layers
    and your blocks' parameters are for 'cnncalc show'.
    """
    click.echo(json.dumps(schema_document(), ensure_ascii=ascii_only(), indent=1))
