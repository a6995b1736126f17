"""Other formats: networks that leave cnncalc, and those that come in."""
