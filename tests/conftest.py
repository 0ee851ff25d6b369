"""Settings that every test shares: how many examples Hypothesis draws.

``dev`` is what a developer waits for, ``ci`` repeats the same examples on every run, ``deep`` is
for a machine that has the night.
"""

import ast
import contextlib
import functools
import gc
import os
import signal
import sys

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.browser.chromium import browser
from tests.order import slow_first

__all__ = ["browser"]

collect_ignore = ["examples"]  # projects and programs of their own; others test them

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job starts so, and so would all programs that the tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def parse_again(parse):
    """Return ``ast.parse`` that repeats a call that the interpreter failed.

    pytest, Hypothesis and Flask call it. CPython before 3.11.8 answers now and then with a
    SystemError when two threads do so at once, and most tests have a mock in a thread.
    """

    @functools.wraps(parse)
    def repeated(*words, **options):
        for _ in range(5):
            with contextlib.suppress(SystemError):
                return parse(*words, **options)
        return parse(*words, **options)

    return repeated


if sys.version_info < (3, 11, 8):
    ast.parse = parse_again(ast.parse)

SLOW = [HealthCheck.too_slow]

# The same examples every time: a change is judged by what it changes. `make deep` draws new ones.
settings.register_profile(
    "dev", max_examples=25, deadline=None, derandomize=True, suppress_health_check=SLOW
)
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


def pytest_collection_modifyitems(config, items):
    """Start slow tests first; skip the tests that only ``make deep`` runs."""
    items[:] = slow_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    if config.getoption("--hypothesis-profile") == "deep":
        return
    skip = pytest.mark.skip(reason="takes minutes: run it with make deep")
    for item in items:
        if item.get_closest_marker("deep"):
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage meanwhile: modules and tests stay, and it costs a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
