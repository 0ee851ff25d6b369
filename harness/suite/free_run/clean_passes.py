"""The two passes without faults, from which a free run learns what the program does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.free_run.limits import Limits, Say
from adsmock.harness.suite.free_run.playing import Pass, Stage, play
from adsmock.harness.suite.free_run.time_left import minutes
from adsmock.harness.suite.free_run.waiting import results

APART = 2.0
"""Seconds between the starts of the passes without faults.

A program that puts the time to the second in a name then shows that the name differs.
"""


def play_clean(stage: Stage, clean: Case, limits: Limits, say: Say) -> list[Pass]:
    """Play the two passes without faults, side by side, the second a little later."""
    say(
        "2 passes without faults, to learn what the program calls and achieves; "
        f"at most {minutes(limits.seconds)}"
    )
    started = limits.now()

    def words() -> str:
        ran = limits.now() - started
        return f"the passes have run for {ran:.0f} s; --timeout ends them at {limits.seconds:g} s"

    def play_later() -> Pass:
        limits.sleep(APART)
        return play(stage, clean, "repeated")

    with ThreadPoolExecutor(2) as pool:
        passes = [pool.submit(play, stage, clean, "clean"), pool.submit(play_later)]
        return results(passes, say, words)
