"""Executions of Marketing Cloud workflows: start one over settled data, poll it, download its rows.

Source: guides/amazon-marketing-cloud/reporting (documented: data arrive within 48 hours, statuses,
results with privacy thresholds, too many similar queries are rejected).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, ClassVar

from . import job_polling
from .call import Call
from .errors import AdsError, GaveUp, JobFailed, UrlExpired
from .job_polling import URL_ATTEMPTS, JobPoller, PollSchedule, Records, member

LAG = timedelta(hours=48)
"""How long the data of a day take to arrive (documented)."""

CANCELED = "CANCELLED"

REJECTED = "too many workflows have already been run"
"""Part of the reason when similar queries have read the same data: another one changes nothing."""

_FORMAT = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of Marketing Cloud, with the two headers that name its account.

    ``profile`` is any profile of the region in which it is called.
    """

    id: str
    advertiser: str
    marketplace: str
    profile: str

    @classmethod
    def of(cls, profile: str, ids: Mapping[str, str]) -> Instance:
        """Return the instance that ``instanceId``, ``advertiserId`` and ``marketplaceId`` name."""
        return cls(ids["instanceId"], ids["advertiserId"], ids["marketplaceId"], profile)


@dataclass(slots=True, kw_only=True)
class Execution(job_polling.Job):
    """An execution on its way."""

    instance: Instance
    query: str
    days: int


class WorkflowRunner(JobPoller[Execution]):
    """Executes queries and returns their rows."""

    schedule = PollSchedule(
        first_gap=10.0, growth=1.5, longest_gap=120.0, limit=6 * 3600.0, after_failure=300.0
    )
    completed: ClassVar[str] = "SUCCEEDED"
    failed: ClassVar[frozenset[str]] = frozenset({job_polling.FAILED, CANCELED})
    reason_member: ClassVar[str] = "statusReason"

    def run(self, instance: Instance, query: str, days: int) -> Records:
        """Return the rows of a query over the newest days with complete data.

        Raises:
            Refused: the query breaks a privacy rule, or the request is invalid.
            JobFailed: the execution failed, again after one restart, or was canceled or rejected.
            JobTimedOut: it did not finish in time.
        """
        execution = Execution(due=self._clock.now(), instance=instance, query=query, days=days)
        while execution.result is None:
            self.step(self.next_due([execution]))
        assert isinstance(execution.result, list), "errors are raised"
        return execution.result

    def start(self, job: Execution) -> None:
        """Start the execution.

        A second one after a lost answer takes a place and changes nothing.
        """
        create = self.call("create", job.instance, body=self.body(job), costly=True)
        reply = self._sender.send(create).json
        execution = str(member(_execution(reply), "workflowExecutionId"))
        self.watch(job, self.call("get", job.instance, {"workflowExecutionId": execution}))

    def body(self, job: Execution) -> dict[str, Any]:
        """Return the request for an execution."""
        return {"workflow": {"sqlQuery": job.query}, **self.window(job.days)}

    def window(self, days: int) -> dict[str, str]:
        """Return the members of a request for the newest days of UTC that are complete."""
        end = self.settled(datetime.fromtimestamp(self._clock.now(), UTC)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return {
            "timeWindowType": "EXPLICIT",
            "timeWindowStart": (end - timedelta(days=days)).strftime(_FORMAT),
            "timeWindowEnd": end.strftime(_FORMAT),
            "timeWindowTimeZone": "UTC",
        }

    def settled(self, now: datetime) -> datetime:
        """Return the moment up to which data are complete."""
        return now - LAG

    def status(self, job: Execution) -> dict[str, Any]:
        """Return the status reply of the execution."""
        return _execution(super().status(job))

    def restart(self, job: Execution, error: AdsError) -> None:
        """Start a failed execution again, once; one that was canceled or rejected stays ended.

        Raises:
            AdsError: ``error``, when it must not be started again.
        """
        is_final = job.status == CANCELED or REJECTED in str(error)
        if is_final and isinstance(error, JobFailed):
            raise error
        super().restart(job, error)

    def download(self, job: Execution, reply: dict[str, Any]) -> Records:  # noqa: ARG002 -- as the base
        """Return the rows of the result; the addresses come from a call of their own.

        Raises:
            GaveUp: no address gave the complete file.
        """
        return self.rows(job.instance, job.call.path["workflowExecutionId"])

    def rows(self, instance: Instance, execution: str) -> Records:
        """Return the rows of the result of an execution that succeeded.

        Raises:
            GaveUp: no address gave the complete file.
        """
        ask = self.call("download", instance, {"workflowExecutionId": execution})
        for attempt in range(URL_ATTEMPTS):
            if attempt > 1:
                self._sleeper.sleep(self.schedule.first_gap)
            (url, *_) = member(self._sender.send(ask).json, "downloadUrls")
            try:
                text = self._downloader.fetch_text(str(url), ask.region)
            except UrlExpired:
                continue
            return [dict(row) for row in csv.DictReader(StringIO(text))]
        raise GaveUp(f"{execution}: {URL_ATTEMPTS} addresses expired before the download")

    def call(
        self,
        verb: str,
        instance: Instance,
        path: Mapping[str, str] | None = None,
        resource: str = "workflowExecutions",
        **more: Any,
    ) -> Call:
        """Return a call about a resource of an instance."""
        return Call(
            self._api.operation(f"amc.{resource}.{verb}"),
            self._sender.router.region_of(instance.profile),
            instance.profile,
            path={"instanceId": instance.id, **(path or {})},
            headers={
                "Amazon-Advertising-API-AdvertiserId": instance.advertiser,
                "Amazon-Advertising-API-MarketplaceId": instance.marketplace,
            },
            **more,
        )


def _execution(reply: Any) -> dict[str, Any]:
    """Return an execution; the documents wrap it, recorded replies do not."""
    found: dict[str, Any] = reply.get("workflowExecution", reply)
    return found
