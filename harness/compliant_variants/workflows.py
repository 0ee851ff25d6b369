"""Compliant habits of programs that execute workflows of Marketing Cloud."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from adsmock.harness.client.errors import Refused
from adsmock.harness.client.job_polling import Records
from adsmock.harness.client.workflow import Execution, Instance, WorkflowRunner
from adsmock.harness.client.workflow_schedule import WorkflowScheduler

WEEK = 7


class RelativeWindowRunner(WorkflowRunner):
    """Leaves the window of a week to the service, which ends it where data are complete."""

    def window(self, days: int) -> dict[str, str]:
        if days != WEEK:
            return super().window(days)
        return {"timeWindowType": "MOST_RECENT_WEEK"}


class StoredWorkflowRunner(WorkflowRunner):
    """Stores a query before its first execution."""

    def __init__(self, *args: Any, **parts: Any) -> None:
        super().__init__(*args, **parts)
        self._stored: set[str] = set()

    def body(self, job: Execution) -> dict[str, Any]:
        name = f"q-{hashlib.sha256(job.query.encode()).hexdigest()[:16]}"
        if name not in self._stored:
            store = self.call(
                "create", job.instance, body={"workflowId": name, "sqlQuery": job.query}
            )
            self._sender.send(replace(store, operation=self._api.operation("amc.workflows.create")))
            self._stored.add(name)
        return {"workflowId": name, **self.window(job.days)}


class TriesFirstScheduler(WorkflowScheduler):
    """Executes a query once before it is scheduled, so that the first rows come today."""

    def store(self, instance: Instance, workflow: str, query: str) -> None:
        self._runner.run(instance, query, 1)
        super().store(instance, workflow, query)


class CreatesAgainScheduler(WorkflowScheduler):
    """Sends the same workflow and schedule at each start; that they exist is no failure."""

    def schedule(self, instance: Instance, query: str, period: str) -> Records:
        workflow = self.workflow_id(query)
        schedule = self.schedule_id(workflow, period)
        body = {"scheduleId": schedule, "workflowId": workflow, "aggregationPeriod": period}
        self.create("workflows", instance, {"workflowId": workflow, "sqlQuery": query})
        self.create("schedules", instance, body)
        return super().schedule(instance, query, period)

    def create(self, resource: str, instance: Instance, body: Mapping[str, Any]) -> None:
        try:
            super().create(resource, instance, body)
        except Refused as refusal:
            if refusal.status != HTTPStatus.BAD_REQUEST or "exists" not in refusal.message:
                raise
