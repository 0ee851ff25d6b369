"""Golden journals of the checks of subscriptions to Marketing Stream."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, met, record, tasks_of
from tests.unit.harness.suite.sample_stream import consumed, delete, receive, reports, row

ARN = "arn:aws:sqs:us-east-1:111122223333:ads"
CONFIRMATION = {
    "Type": "SubscriptionConfirmation",
    "Token": "signed-1",
    "TopicArn": "arn:aws:sns:us-east-1:906013806264:topic",
}


def create(at: float, token: str, dataset: str = "sp-traffic", **more: Any) -> dict[str, Any]:
    """Return one creation of a subscription."""
    body = {"clientRequestToken": token, "dataSetId": dataset}
    body["destinationArn"] = more.pop("arn", ARN)
    plain = {"request": body, "committed": True, "chain": f"create-{at}"}
    return call("stream.subscriptions.create", at, **(plain | more))


def listed(at: float) -> dict[str, Any]:
    return call("stream.subscriptions.list", at, chain=f"list-{at}", request=None)


def confirm(at: float, status: int = 200, **more: Any) -> dict[str, Any]:
    form = {"Action": "ConfirmSubscription", "Token": "signed-1"}
    plain = {"request": form, "profileId": None, "chain": f"confirm-{at}"}
    return call("sns.ConfirmSubscription", at, status, **(plain | more))


def st01() -> dict[str, CaseRecord]:
    asked, again = receive(10, CONFIRMATION), receive(45, CONFIRMATION)
    failed = confirm(11, 503, fault=met("sns-fails"))
    done = (create(1, "one"), asked, failed, again, confirm(46), delete(47, again))
    return {
        "PASS": record("ST01", *done),
        "FAIL": record("ST01", create(1, "one"), asked, failed, delete(12, asked)),
        "UNPROVEN": record("ST01", create(1, "one"), asked, failed),
    }


def with_a_refused_confirmation(ending: Ending, *left: str) -> CaseRecord:
    """Return the record of a client whose confirmations are refused."""
    first = receive(1, *(row(f"r-{number}") for number in range(10)))
    second = receive(15, row("r-10"), row("r-11"), CONFIRMATION, first=11)
    refused = confirm(16, 503, fault=met("sns-down"))
    calls = (first, delete(2, first), second, refused, delete(17, second, "m-13", *left))
    return record("ST02", create(0.5, "one"), *calls, ending=ending, tasks=tasks_of("ST02"))


def st02_sums() -> dict[str, CaseRecord]:
    return {
        "PASS": with_a_refused_confirmation(reports(24)),
        "FAIL": with_a_refused_confirmation(reports(20), "m-11", "m-12"),
        "UNPROVEN": with_a_refused_confirmation(Ending()),
    }


def st02_deleted() -> dict[str, CaseRecord]:
    alone = receive(1, *(row(f"r-{number}") for number in range(12)))
    refused = confirm(16, 503, fault=met("sns-down"))
    return {
        "PASS": with_a_refused_confirmation(reports(24)),
        "FAIL": with_a_refused_confirmation(reports(24), "m-11", "m-12"),
        "UNPROVEN": record("ST02", alone, delete(2, alone), refused),
    }


HOURS = (
    "2026-10-31T23:00:00-07:00",
    "2026-11-01T00:00:00-07:00",
    "2026-11-01T00:00:00-07:00",
    "2026-11-01T01:00:00-07:00",
    "2026-11-01T01:00:00-08:00",
    "2026-11-01T12:00:00-08:00",
    "2026-11-01T13:00:00-08:00",
    "2026-11-01T14:00:00-08:00",
    "2026-11-01T23:00:00-08:00",
    "2026-11-02T00:00:00-08:00",
    "2026-11-02T01:00:00-08:00",
)


def st05() -> dict[str, CaseRecord]:
    bodies = [row(f"r-{place}") | {"time_window_start": hour} for place, hour in enumerate(HOURS)]
    return {
        "PASS": consumed("ST05", reports(16), *bodies),
        "FAIL": consumed("ST05", reports(14), *bodies),
        "UNPROVEN": consumed("ST05", reports(16), *bodies[:5]),
    }


def st08() -> dict[str, CaseRecord]:
    kept, lost = (create(1, "one"), listed(20)), {"task": 2, "verb": "subscribe_stream"}
    said = Ending(claims=({"task": 0, **lost, "status": "done"}, lost | {"status": "done"}))
    return {
        "PASS": record("ST08", *kept, create(21, "two"), listed(22)),
        "FAIL": record("ST08", *kept, ending=said, tasks=tasks_of("ST08")),
        "UNPROVEN": record("ST08", create(1, "one")),
    }


def st09() -> dict[str, CaseRecord]:
    lost = create(1, "one", ended="reset", status=0, fault=met("lost-answer", "reset"))
    return {
        "PASS": record("ST09", lost, create(3, "one")),
        "WARN": record("ST09", lost, create(3, "two", status=409, committed=False)),
        "UNPROVEN": record("ST09", lost),
    }


def st10() -> dict[str, CaseRecord]:
    european = ARN.replace("us-east-1", "eu-west-1")
    first = create(1, "one")
    return {
        "PASS": record("ST10", first, create(2, "two", region="EU", arn=european)),
        "FAIL": record("ST10", first, create(2, "two", region="EU", status=400, committed=False)),
        "UNPROVEN": record("ST10", first),
    }


def st11() -> dict[str, CaseRecord]:
    first = create(1, "one")
    throttled = {"status": 429, "committed": False, "fault": met("throttled"), "retryAfter": "2"}
    refused = create(2, "two", "sp-conversion", **throttled)
    return {
        "PASS": record("ST11", first, refused, create(5, "two", "sp-conversion")),
        "FAIL": record("ST11", first, refused),
        "UNPROVEN": record("ST11", listed(1)),
    }


def st13() -> dict[str, CaseRecord]:
    read = receive(5, *(row(f"r-{number}") for number in range(6)))
    kept = (create(1, "one"), read, delete(6, read))

    def today(at: float, grouping: str = "campaign", day: str = "2026-07-01") -> dict[str, Any]:
        of = {"reportTypeId": "spCampaigns", "groupBy": [grouping]}
        body = {"startDate": day, "endDate": day, "configuration": of}
        return call("reporting.create", at, request=body, chain=f"report-{at}")

    other = [today(9, "adGroup"), today(10, "adGroup"), today(11, day="2026-06-30")]
    return {
        "PASS": record("ST13", *kept, today(7), today(8), *other),
        "WARN": record("ST13", *kept, today(7), today(8), today(9)),
        "UNPROVEN": record("ST13", kept[0], today(7)),
    }


def st14() -> dict[str, CaseRecord]:
    bodies = [row(f"r-{number}") for number in range(240)]
    return {
        "PASS": consumed("ST14", reports(480), *bodies),
        "FAIL": consumed("ST14", reports(60), *bodies[:30]),
        "UNPROVEN": record("ST14", receive(1), receive(21)),
    }


def st16() -> dict[str, CaseRecord]:
    hours = ["2026-06-30T12:00:00-07:00"] * 4 + ["2026-07-01T00:00:00-07:00"] * 3
    hours += ["2026-06-30T09:00:00-07:00"] * 5
    bodies = [row(f"r-{place}") | {"time_window_start": hour} for place, hour in enumerate(hours)]
    return {
        "PASS": consumed("ST16", reports(18), *bodies),
        "FAIL": consumed("ST16", reports(8), *bodies),
        "UNPROVEN": consumed("ST16", reports(18), *bodies[:7]),
    }


def usage(campaign: str, percent: int, budget: float = 20.0) -> dict[str, Any]:
    """Return one record of budget-usage."""
    scope = {"budget_scope_id": campaign, "budget_scope_type": "CAMPAIGN", "budget": budget}
    return {"dataset_id": "budget-usage", "budget_usage_percentage": percent, **scope}


def raised(at: float, **budgets: float) -> dict[str, Any]:
    """Return one update of campaigns, whose ids are named ``c1`` and so on."""
    items = [
        {"campaignId": name.removeprefix("c"), "budget": {"budget": value}}
        for name, value in budgets.items()
    ]
    request = {"campaigns": items}
    return call("sp.campaigns.update", at, 207, request=request, committed=True, chain=f"u{at}")


def st12() -> dict[str, CaseRecord]:
    asked = receive(1, usage("1", 80), usage("1", 85), usage("2", 60), usage("3", 95, 50.0))
    return {
        "PASS": record("ST12", asked, raised(3, c1=25, c3=55)),
        "FAIL": record("ST12", asked, raised(3, c1=25, c3=55), raised(5, c1=30)),
        "UNPROVEN": record("ST12", receive(1, usage("1", 80)), raised(3, c1=25)),
    }


SAMPLES = {
    "ST01.confirmed": st01(),
    "ST02.sums": st02_sums(),
    "ST02.deleted": st02_deleted(),
    "ST05.sums": st05(),
    "ST08.created": st08(),
    "ST09.token": st09(),
    "ST10.region": st10(),
    "ST11.pair": st11(),
    "ST12.once": st12(),
    "ST13.reports": st13(),
    "ST14.lag": st14(),
    "ST16.sums": st16(),
}
