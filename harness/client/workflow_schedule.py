"""Schedules of Marketing Cloud: the service executes a query each day or week.

A schedule is looked up before it is created, so that a program may ask for it at each start.
Source: guides/amazon-marketing-cloud/reporting/schedule-workflow (documented: daily or weekly runs
of a stored workflow; the window of a run is the day or the week before it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from .job_polling import Records
from .sender import Sender
from .workflow import Instance, WorkflowRunner

NEXT = "nextToken"


class WorkflowScheduler:
    """Creates schedules of queries, and reads the results of their executions."""

    def __init__(self, sender: Sender, runner: WorkflowRunner) -> None:
        self._sender = sender
        self._runner = runner

    def schedule(self, instance: Instance, query: str, period: str) -> Records:
        """Return the rows of the newest execution that succeeded, none while there is none.

        The first call for a query stores it and creates its schedule.
        """
        workflow = self.workflow_id(query)
        schedule = self.schedule_id(workflow, period)
        if all(row["scheduleId"] != schedule for row in self.pages("schedules", instance)):
            self.store(instance, workflow, query)
            body = {"scheduleId": schedule, "workflowId": workflow, "aggregationPeriod": period}
            self.create("schedules", instance, body)
        runs = self.pages("workflowExecutions", instance, {"workflowId": workflow})
        done = (str(row["workflowExecutionId"]) for row in runs if row["status"] == "SUCCEEDED")
        newest = next(done, None)
        return self._runner.rows(instance, newest) if newest else []

    def workflow_id(self, query: str) -> str:
        """Return the id under which a query is stored: the same for the same query."""
        return f"routine-{hashlib.sha256(query.encode()).hexdigest()[:16]}"

    def schedule_id(self, workflow: str, period: str) -> str:
        """Return the id of the schedule of a stored workflow."""
        return f"{workflow}-{period.lower()}"

    def store(self, instance: Instance, workflow: str, query: str) -> None:
        """Store a query unless it is stored."""
        if all(row["workflowId"] != workflow for row in self.pages("workflows", instance)):
            self.create("workflows", instance, {"workflowId": workflow, "sqlQuery": query})

    def create(self, resource: str, instance: Instance, body: Mapping[str, Any]) -> None:
        """Create one member of an instance."""
        self._sender.send(self._runner.call("create", instance, resource=resource, body=dict(body)))

    def pages(
        self, resource: str, instance: Instance, query: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of a list, page by page; executions begin with the newest."""
        asked = dict(query or {})
        while True:
            call = self._runner.call("list", instance, resource=resource, query=dict(asked))
            reply = self._sender.send(call).json
            yield from next((rows for rows in reply.values() if isinstance(rows, list)), ())
            if not reply.get(NEXT):
                return
            asked[NEXT] = str(reply[NEXT])
