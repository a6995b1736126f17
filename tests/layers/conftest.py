"""Settings of the property tests."""

from hypothesis import settings

# How long one example takes says nothing here, and on a busy machine it would fail a test.
settings.register_profile("cnncalc", deadline=None)
settings.load_profile("cnncalc")
