"""The caller that leaves every call to the reference client.

All users of a process share one client, as in an integration.
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
from adsmock.loadtests.roles import Caller, JobRequest, WriteResult
from adsmock.loadtests.shared_state import SharedState
from adsmock.loadtests.work_queue import Job, Target, WorkQueue

ReportCall = Callable[[str, str, float, Exception | None], None]
"""Reports a call to Locust: method, name, milliseconds, and the error if there is one."""

IN_PROGRESS = "client"
"""Id of a job that the client polls itself."""


class Watcher:
    """Counts each exchange of the client and reports it to Locust."""

    def __init__(self, shared: SharedState, report_call: ReportCall) -> None:
        self._shared = shared
        self._report_call = report_call

    def note(self, exchange: Exchange) -> None:
        """Record a finished exchange."""
        status = int(exchange.result) if exchange.result.isdecimal() else 0
        took = exchange.seconds * 1000
        second = self._shared.second()
        self._shared.counters.called(second, exchange.region, exchange.operation, status, took)
        outcome = outcome_of(status)
        name = exchange.operation + (" [429]" if outcome == "throttled" else "")
        error = RuntimeError(exchange.result) if outcome == "failed" else None
        self._report_call(exchange.method, name, took, error)


def client_for(shared: SharedState, report_call: ReportCall) -> AdsClient:
    """Return the reference client that all users of this process share."""
    task = {
        "regions": shared.plan.regions,
        "credentials": shared.plan.credentials,
        "profiles": [
            {"profileId": target.profile_id, "region": target.region, "countryCode": target.country}
            for target in shared.plan.targets
        ],
    }
    return AdsClient(
        Settings.from_task(task),
        clock=shared.clock,
        sleeper=shared.clock,
        random_source=shared.draw,
        api=_quota_share(shared.partition.part),
        extensions=Extensions(observers=(Watcher(shared, report_call),)),
    )


def _quota_share(part: float) -> Api:
    """Return the contracts with the part of every quota that one of several processes may use.

    Clients in several processes do not coordinate, so the quotas are divided between them.
    """
    api = load_api()
    quotas = {
        name: replace(quota, rate=quota.rate * part, burst=max(1.0, quota.burst * part))
        for name, quota in api.quotas.items()
    }
    return replace(api, quotas=quotas)


class ClientCaller(Caller):
    """The calls of one user, made by the shared client."""

    def __init__(self, client: AdsClient) -> None:
        self._client = client

    def start_turn(self) -> None:
        """Do nothing: the client needs no preparation."""

    def write(
        self, verb: str, resource: str, target: Target, items: Sequence[dict[str, Any]]
    ) -> list[WriteResult]:
        """Write one batch."""
        try:
            act = self._client.create if verb == "create" else self._client.update
            outcomes = act(resource, target.profile_id, items)
        except AdsError:
            return [WriteResult("again")] * len(items)
        return [_write_result(outcome) for outcome in outcomes]

    def read(self, resource: str, target: Target) -> bool:
        """Read all pages."""
        try:
            self._client.list(resource, target.profile_id)
        except AdsError:
            return False
        return True

    def fetch(self, request: JobRequest, queue: WorkQueue) -> bool:
        """Create the job and wait for its file."""
        queue.job = Job(IN_PROGRESS, inf)
        try:
            request.fetch(self._client, queue.target.profile_id)
        except AdsError:
            return False
        finally:
            queue.job = None
        return True


def _write_result(outcome: Outcome) -> WriteResult:
    if outcome.is_done:
        return WriteResult("done", outcome.id or "")
    return WriteResult("again" if outcome.is_retryable or outcome.is_uncertain else "refused")
