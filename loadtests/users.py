"""The Locust user: one worker of an integration, with a role and a schedule.

The role defines the work (``roles``), the behavior how it is done (``behaviors.toml``), and a
caller makes the calls, or a program does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import gevent
from locust import FastHttpUser, constant_throughput, task

from adsmock.loadtests.roles import Worker as RoleWorker
from adsmock.loadtests.shared_state import SharedState

TURNS_A_SECOND = 1.0


class Worker(FastHttpUser):  # type: ignore[misc]  # Locust is not checked for types here
    """One worker. Arrivals do not depend on it: see ``SharedState.add_arrivals``."""

    wait_time = constant_throughput(TURNS_A_SECOND)
    network_timeout = 60.0
    connection_timeout = 10.0
    shared: ClassVar[SharedState]
    worker_for: ClassVar[Callable[[Any], RoleWorker]]
    """Set with ``shared`` when the plan is known, before any user starts."""

    def on_start(self) -> None:
        """Take a role."""
        self.role = self.shared.assign_role()
        self.worker = type(self).worker_for(self)

    def on_stop(self) -> None:
        """Give the role back."""
        self.shared.release_role(self.role)

    @task  # type: ignore[untyped-decorator]  # Locust is not checked for types here
    def turn(self) -> None:
        """Do one turn of work, which ends even if the shape of the event stops this user before."""
        gevent.spawn(self.shared.work, self.role, self.worker).get()
