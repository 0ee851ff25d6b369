"""Golden journals of the checks of the template that creates queues."""

from typing import Any

from adsmock.harness.suite.drivers import template_of
from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import record
from tests.unit.harness.suite.sample_subscription import create, listed


def subscribed(client: str, *rows: dict[str, Any]) -> CaseRecord:
    return record("IC01", *(rows or (create(1, "one"),)), template=template_of(client))


def ic01(breach: str, client: str) -> dict[str, CaseRecord]:
    return {
        "PASS": subscribed("reference"),
        breach: subscribed(f"mutant:{client}"),
        "UNPROVEN": subscribed("reference", listed(1)),
    }


SAMPLES = {
    "IC01.delivery": ic01("FAIL", "template-of-others"),
    "IC01.protection": ic01("FAIL", "template-without-tls"),
    "IC01.operation": ic01("WARN", "template-without-alarms"),
}
