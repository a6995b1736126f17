"""The server of `cnncalc edit`: one page, one file, this machine only."""
