"""One part of a run: a run that was stopped and continued has several."""

from __future__ import annotations

from dataclasses import dataclass, field

from adsmock.contracts.loader import load
from adsmock.harness.volume.plan import VolumePlan
from adsmock.loadtests.checkpoint import Checkpoint
from adsmock.loadtests.generator import Stop, WorkerPool
from adsmock.loadtests.live import LivePage, LiveRun
from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.planned_work import PlanFit, PlannedWork, plan_fit, planned_work
from adsmock.loadtests.quota_use import Rates


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a run: its processes, when it has to stop, and what earlier parts did.

    ``is_kept`` says whether a stopped run can be continued, ``page`` shows the run while it lasts.
    ``own`` is the partner's plan, with the quotas of the run, of which the event takes ``seconds``
    around the peak, or the whole day.
    """

    pool: WorkerPool = field(default_factory=WorkerPool)
    stop: Stop = field(default_factory=Stop)
    earlier: Checkpoint | None = None
    earlier_plan: RehearsalPlan | None = None
    is_kept: bool = False
    page: LivePage | None = None
    own: VolumePlan | None = None
    seconds: float | None = None

    def planned_at(self, scale: float) -> PlannedWork | None:
        """Return the work of the partner's plan, ``scale`` times as much."""
        return planned_work(self.own, load(), scale, self.seconds) if self.own else None

    def fit_at(self, scale: float) -> PlanFit | None:
        """Return whether the partner's plan fits its quotas, ``scale`` times as large."""
        return plan_fit(self.own, scale, load()) if self.own else None

    @property
    def number(self) -> int:
        """The number of this part, from 1."""
        return self.earlier.parts + 1 if self.earlier else 1

    def live(self, plan: RehearsalPlan, quotas: Rates) -> LiveRun | None:
        """Return what shows this part while it lasts; None without a page."""
        return LiveRun(self.page, plan, quotas, self.earlier) if self.page else None
