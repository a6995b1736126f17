"""How much is tried at random: `CNNCALC_FUZZ=50` in the environment tries 50 times as much, as .ci/run does with 3."""

import os

from hypothesis import HealthCheck, settings


def fuzz(examples: int) -> settings:
    """Hypothesis settings: other examples each time, as many as the environment says."""
    return settings(
        max_examples=examples * int(os.environ.get("CNNCALC_FUZZ", "1")),
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
