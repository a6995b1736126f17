"""`python -m cnncalc`."""

from cnncalc.cli.main import main

main()
