"""Compliant habits of programs that execute workflows of Marketing Cloud."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from adsmock.harness.client.workflow import Execution, WorkflowRunner

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
