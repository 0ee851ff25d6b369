"""Settings that every test shares: how many examples Hypothesis draws.

``dev`` is what a developer waits for, ``ci`` repeats the same examples on every run, ``deep`` is
for a machine that has the night.
"""

import os

from hypothesis import HealthCheck, Phase, settings

collect_ignore = ["examples"]  # projects and programs of their own; others test them

SLOW = [HealthCheck.too_slow]

settings.register_profile("dev", max_examples=25, deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "ci", max_examples=200, deadline=None, derandomize=True, suppress_health_check=SLOW
)
settings.register_profile(
    "deep",
    max_examples=5_000,
    deadline=None,
    stateful_step_count=200,
    phases=tuple(Phase),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
