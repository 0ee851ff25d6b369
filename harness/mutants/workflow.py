"""Mutants: executing workflows of Marketing Cloud."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from adsmock.harness.client.errors import AdsError, JobFailed, Refused
from adsmock.harness.client.job_polling import FAILED, JobPoller, Records
from adsmock.harness.client.workflow import (
    CANCELED,
    REJECTED,
    Execution,
    Instance,
    WorkflowRunner,
)
from adsmock.harness.client.workflow_schedule import WorkflowScheduler
from adsmock.harness.mutants.mutant import mutant

POLLS = 3
"""How often an execution that has failed is polled again."""

HIDDEN = "user_id"


class _FreshDataRunner(WorkflowRunner):
    def settled(self, now: datetime) -> datetime:
        return now


class _PollsFailedRunner(WorkflowRunner):
    def restart(self, job: Execution, error: AdsError) -> None:
        is_plain = job.status == FAILED and REJECTED not in str(error)
        if not is_plain or job.restarts == POLLS:
            raise error
        job.restarts += 1
        job.due = self._clock.now() + job.gap


class _RestartsCanceledRunner(WorkflowRunner):
    def restart(self, job: Execution, error: AdsError) -> None:
        if job.status == CANCELED:
            JobPoller.restart(self, job, error)
        else:
            super().restart(job, error)


class _RestartsRejectedRunner(WorkflowRunner):
    def restart(self, job: Execution, error: AdsError) -> None:
        if REJECTED in str(error):
            JobPoller.restart(self, job, error)
        else:
            super().restart(job, error)


class _VariesRefusedRunner(WorkflowRunner):
    def run(self, instance: Instance, query: str, days: int) -> Records:
        try:
            return super().run(instance, query, days)
        except Refused as refusal:
            if refusal.status != HTTPStatus.BAD_REQUEST or HIDDEN not in query:
                raise
        return super().run(instance, query.replace(HIDDEN, f"MAX({HIDDEN})", 1), days)


class _VariesRejectedRunner(WorkflowRunner):
    def run(self, instance: Instance, query: str, days: int) -> Records:
        try:
            return super().run(instance, query, days)
        except JobFailed as failure:
            if REJECTED not in str(failure):
                raise
        return super().run(instance, f"{query} LIMIT 1000", days)


class _OwnRoutineScheduler(WorkflowScheduler):
    def schedule(self, instance: Instance, query: str, period: str) -> Records:
        return self._runner.run(instance, query, 7 if period == "Weekly" else 1)


class _SchedulesAgainScheduler(WorkflowScheduler):
    count = 0

    def schedule_id(self, workflow: str, period: str) -> str:
        self.count += 1
        return f"{super().schedule_id(workflow, period)}-{self.count}"


MUTANTS = (
    mutant(
        "workflow-fresh-data",
        "executes a query over days whose data are incomplete",
        "MC01.settled",
        _FreshDataRunner,
    ),
    mutant(
        "workflow-failed-poll",
        "polls an execution that failed",
        "MC02.left",
        _PollsFailedRunner,
    ),
    mutant(
        "workflow-varies-refused",
        "wraps a column that a query must not show, and sends the query again",
        "MC03.varied",
        _VariesRefusedRunner,
    ),
    mutant(
        "workflow-varies-rejected",
        "adds a limit to a rejected query, and sends the query again",
        "MC04.varied",
        _VariesRejectedRunner,
    ),
    mutant(
        "workflow-restarts-rejected",
        "executes a rejected query again",
        "MC04.left",
        _RestartsRejectedRunner,
    ),
    mutant(
        "workflow-restarts-canceled",
        "executes a query again that was canceled",
        "MC05.left",
        _RestartsCanceledRunner,
    ),
    mutant(
        "workflow-own-routine",
        "executes a routine query itself each time, without a schedule",
        "MC06.scheduled",
        _OwnRoutineScheduler,
    ),
    mutant(
        "workflow-schedules-again",
        "creates a further schedule of a query at each start",
        "MC06.once",
        _SchedulesAgainScheduler,
    ),
)
