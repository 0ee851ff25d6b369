"""The judge functions by name: pure answers to one question each about a journal.

Knows which function answers to which name. Must not know severities, triggers or reports.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

from harness.suite.case import Case, CaseError
from harness.suite.checks import (
    auth,
    batch,
    error,
    export,
    hierarchy,
    network,
    paging,
    region,
    retry,
    version,
)
from harness.suite.checks.finding import Finding, Row

Judge = Callable[..., Finding]

JUDGES: dict[str, Judge] = {
    judge.__name__: judge
    for judge in (
        auth.calls_are_authorized,
        auth.dead_token_is_replaced_once,
        batch.succeeded_items_stay_home,
        batch.throttled_items_come_back,
        error.refusals_are_not_repeated,
        export.dead_address_is_renewed,
        hierarchy.failed_parents_stay_childless,
        network.lost_create_is_done_once,
        paging.pages_are_read_in_order,
        region.profiles_stay_in_their_region,
        retry.faulted_work_succeeds,
        retry.retry_after_is_kept,
        retry.waits_grow,
        version.retired_version_is_left_alone,
    )
}


def verify(case: Case) -> None:
    """Raise unless every check of a case names a judge function and only numbers it takes.

    Raises:
        CaseError: names the check and what is wrong with it.
    """
    for check in case.checks:
        judge = JUDGES.get(check.judge)
        if judge is None:
            raise CaseError(check.id, f"no judge is called {check.judge}")
        try:
            inspect.signature(judge).bind(None, **check.numbers)
        except TypeError as problem:
            raise CaseError(check.id, f"{check.judge}: {problem}") from None


__all__ = ["JUDGES", "Finding", "Judge", "Row", "verify"]
