"""Mutants: clients that leave work of one verb undone and report it as done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.errors import GaveUp
from adsmock.harness.client.multistatus import Outcome
from adsmock.harness.client.recommendation import BudgetAdvisor
from adsmock.harness.client.stream import Subscribed, Subscriber
from adsmock.harness.client.update import Updater
from adsmock.harness.client.workflow import Execution, Instance, WorkflowRunner
from adsmock.harness.client.workflow_schedule import WorkflowScheduler
from adsmock.harness.mutants.mutant import mutant

Records = list[dict[str, Any]]
Outcomes = list[Outcome]


class _SkipsProfilesClient(AdsClient):
    def list_profiles(self, region: str) -> Records:
        del region
        return []


class _GetsHalfClient(AdsClient):
    def get(self, resource: str, profile: str, ids: Sequence[str]) -> Records:
        return super().get(resource, profile, ids[: len(ids) // 2])


class _RemembersListsClient(AdsClient):
    """Answers each second list with what the one before returned."""

    def list(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> Records:
        key = f"{resource} {profile} {filters}"
        known: dict[str, Records] = self.__dict__.setdefault("known_lists", {})
        if key in known:
            return known.pop(key)
        known[key] = super().list(resource, profile, filters, page_size)
        return known[key]


class _LeavesLastUpdater(Updater):
    def modify(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        members: Mapping[str, Any] | None = None,
        raises: Mapping[str, float] | None = None,
    ) -> Outcomes:
        self._is_modifying = True
        return super().modify(resource, profile, filters, members, raises)

    def update(self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]) -> Outcomes:
        is_modifying, self._is_modifying = getattr(self, "_is_modifying", False), False
        return super().update(resource, profile, items[:-1] if is_modifying else items)


class _GivesUpModifyingUpdater(Updater):
    """Takes a modification for done when the retries of an update are used up."""

    def modify(self, *args: Any, **kwargs: Any) -> Outcomes:
        try:
            return super().modify(*args, **kwargs)
        except GaveUp:
            return [Outcome(0, id="1")]


class _FirstDatasetSubscriber(Subscriber):
    def subscribe(self, profile: str, datasets: Sequence[str], queue_arn: str) -> list[Subscribed]:
        return super().subscribe(profile, datasets[:1], queue_arn)


class _SkipsQueueClient(AdsClient):
    def consume_stream(self, queue_url: str, seconds: float, day: str = "") -> Any:
        del queue_url, seconds, day
        return {}


class _LeavesOneRaiseClient(AdsClient):
    def due_budgets(self, percent: float) -> Sequence[str]:
        return super().due_budgets(percent)[:-1]


class _AppliesFirstAdvisor(BudgetAdvisor):
    def recommended(self, profile: str, campaigns: Sequence[str]) -> Mapping[str, float]:
        found = super().recommended(profile, campaigns)
        return dict(list(found.items())[:1])


class _UnreadRunner(WorkflowRunner):
    def run(self, instance: Instance, query: str, days: int) -> Records:
        self.start(Execution(due=self._clock.now(), instance=instance, query=query, days=days))
        return []


class _StoresOnlyScheduler(WorkflowScheduler):
    def schedule(self, instance: Instance, query: str, period: str) -> Records:
        del period
        self.store(instance, self.workflow_id(query), query)
        return []


MUTANTS = (
    mutant(
        "lost-profiles",
        "reports the list of profiles without a call",
        "I12.lost x.claim",
        _SkipsProfilesClient,
        cases="A01",
    ),
    mutant(
        "lost-get",
        "reads half of the entities whose ids it has",
        "I12.lost",
        _GetsHalfClient,
        cases="L03 M03",
    ),
    mutant(
        "lost-steady",
        "answers each second list from memory",
        "DY01.work I12.lost",
        _RemembersListsClient,
        cases="G04 M05",
    ),
    mutant(
        "lost-modify",
        "leaves the last of the entities that it has to modify",
        "I12.lost ST12.once",
        _LeavesLastUpdater,
        cases="D01 D03",
    ),
    mutant(
        "gives-up-modifications-silently",
        "reports a modification as done whose retries are used up",
        "E10.settled I12.lost",
        _GivesUpModifyingUpdater,
    ),
    mutant(
        "lost-subscription",
        "subscribes only to the first dataset",
        "I12.lost",
        _FirstDatasetSubscriber,
        cases="ST11",
    ),
    mutant(
        "lost-queue",
        "reports the sums of a queue that it never read",
        "I12.lost",
        _SkipsQueueClient,
        cases="ST02",
    ),
    mutant(
        "lost-raise",
        "leaves one of the budgets that it has to raise",
        "I12.lost ST12.once",
        _LeavesOneRaiseClient,
    ),
    mutant(
        "lost-recommendation",
        "applies only the first of the recommended budgets",
        "I12.lost IR01.once IR02.fresh",
        _AppliesFirstAdvisor,
    ),
    mutant(
        "lost-execution",
        "starts a query and never reads its result",
        "I12.lost x.claim",
        _UnreadRunner,
        cases="MC01",
    ),
    mutant(
        "lost-schedule",
        "stores a routine query and never schedules it",
        "I12.lost",
        _StoresOnlyScheduler,
        cases="MC06",
    ),
)
