"""The hand that leaves every call to the reference client.

Knows its verbs and errors, and how its calls are told to Locust. Must not know what the work is
for. The client is shared by all users of a process, as in an integration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from typing import Any

from adsmock.harness.client import AdsClient, Extensions, Settings
from adsmock.harness.client.api import Api, load_api
from adsmock.harness.client.errors import AdsError
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.observe import Exchange
from adsmock.loadtests.counters import outcome_of
from adsmock.loadtests.roles import Wish, Written
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.work_queue import Job, Target, WorkQueue

Tell = Callable[[str, str, float, Exception | None], None]
"""Tells Locust of a call: method, name, milliseconds, and what went wrong."""

UNDER_WAY = "client"
"""Stands for the id of a job that the client looks after."""


class Watcher:
    """Counts each exchange of the client, and tells Locust of it."""

    def __init__(self, fleet: SharedState, tell: Tell) -> None:
        self._fleet = fleet
        self._tell = tell

    def note(self, exchange: Exchange) -> None:
        """Take notice of an exchange that has ended."""
        status = int(exchange.result) if exchange.result.isdecimal() else 0
        took = exchange.seconds * 1000
        second = self._fleet.second()
        self._fleet.tally.called(second, exchange.region, exchange.operation, status, took)
        outcome = outcome_of(status)
        name = exchange.operation + (" [429]" if outcome == "throttled" else "")
        error = RuntimeError(exchange.result) if outcome == "failed" else None
        self._tell(exchange.method, name, took, error)


def client_for(fleet: SharedState, tell: Tell) -> AdsClient:
    """Return the reference client that all users of this process share."""
    task = {
        "regions": fleet.plan.regions,
        "credentials": fleet.plan.credentials,
        "profiles": [
            {"profileId": one.profile_id, "region": one.region, "countryCode": one.country}
            for one in fleet.plan.targets
        ],
    }
    return AdsClient(
        Settings.from_task(task),
        clock=fleet.clock,
        sleeper=fleet.clock,
        draw=fleet.draw,
        api=_shared(fleet.portion.part),
        extensions=Extensions(observers=(Watcher(fleet, tell),)),
    )


def _shared(part: float) -> Api:
    """Return the facts with the part of every quota that one of several processes plans on.

    Clients in several processes know nothing of each other: whoever runs them divides what is
    granted.
    """
    api = load_api()
    quotas = {
        name: replace(quota, rate=quota.rate * part, burst=max(1.0, quota.burst * part))
        for name, quota in api.quotas.items()
    }
    return replace(api, quotas=quotas)


class ClientCaller:
    """The calls of one user, made by the client of them all."""

    def __init__(self, client: AdsClient) -> None:
        self._client = client

    def begin(self) -> None:
        """Begin a turn: the client needs no preparation."""

    def write(
        self, verb: str, resource: str, target: Target, items: Sequence[dict[str, Any]]
    ) -> list[Written]:
        """Write one batch."""
        try:
            act = self._client.create if verb == "create" else self._client.update
            outcomes = act(resource, target.profile_id, items)
        except AdsError:
            return [Written("again")] * len(items)
        return [_written(outcome) for outcome in outcomes]

    def read(self, resource: str, target: Target) -> bool:
        """Read all pages."""
        try:
            self._client.list(resource, target.profile_id)
        except AdsError:
            return False
        return True

    def fetch(self, wish: Wish, desk: WorkQueue) -> bool:
        """Order the job and stay until its file is there."""
        desk.job = Job(UNDER_WAY, inf)
        try:
            wish.order(self._client, desk.target.profile_id)
        except AdsError:
            return False
        finally:
            desk.job = None
        return True


def _written(outcome: Outcome) -> Written:
    if outcome.is_done:
        return Written("done", outcome.id or "")
    return Written("again" if outcome.is_retryable or outcome.is_uncertain else "refused")
