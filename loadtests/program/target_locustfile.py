"""The file that Locust runs for a partner's own user class, with the shape of the event.

Each copy runs its part of the users. The plan of the rehearsal and the start of the event come from
environment variables; addresses and credentials are there for the class, too.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

from locust import LoadTestShape

from adsmock.harness.client.clock import SystemClock
from adsmock.loadtests.plan import document, parse

sys.path.insert(0, str(Path.cwd()))

PLAN = parse(document(os.environ["ADSMOCK_LOAD_PLAN"]))
BEGAN = float(os.environ["ADSMOCK_LOAD_BEGAN"])
COPY, COPIES = int(os.environ["ADSMOCK_COPY"]), int(os.environ["ADSMOCK_COPIES"])
CLOCK = SystemClock()

assert PLAN.program is not None, "a target is a program"
_module, _colon, _name = PLAN.program.target.partition(":")
Target = getattr(import_module(_module), _name)


class Event(LoadTestShape):  # type: ignore[misc]  # Locust is not checked for types here
    """The shape of the event; a copy that starts late joins at its hour."""

    def tick(self) -> tuple[int, float] | None:
        """Return the number of users of this copy now and the spawn rate; None ends it."""
        progress = (CLOCK.now() - BEGAN) / PLAN.duration
        if progress >= 1.0:
            return None
        users = PLAN.event.users(progress, PLAN.users, COPIES)
        return len(range(COPY - 1, users, COPIES)), float(PLAN.users)
