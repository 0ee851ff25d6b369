"""A recording, replayed on a mock that is built from its reads."""

from adsmock.harness.fidelity.replay.run import ReplayRun, replay

__all__ = ["ReplayRun", "replay"]
