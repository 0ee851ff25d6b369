"""Requests about queues of Marketing Stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from adsmock.harness.adapter_check.account import CLICKS, QUEUE, Account
from adsmock.harness.adapter_check.probe import Outcome, Probe
from adsmock.harness.adapter_check.row import Problem
from adsmock.harness.suite.queue_setup import queue_arn

DATASET = "sp-conversion"
CAMPAIGN_UPDATE = "sp.campaigns.update"
PERCENT, RAISE = 80, 5.0
STREAM_SECONDS = 1


def _added_up(seen: Outcome) -> Iterator[Problem]:
    wanted = {"sp-traffic": {"clicks": sum(CLICKS.values())}}
    sums = seen.reply.get("sums")
    if sums != wanted:
        yield Problem(
            f"the reply has the sums {json.dumps(sums)}, the records add up to "
            f"{json.dumps(wanted)}",
            "add each idempotency_id of args.datasets once, and reply with sums by dataset and "
            "metric",
        )
    if not seen.of("sqs.DeleteMessage"):
        yield Problem("no message was deleted", "delete each message after its records are stored")


def _subscribed(seen: Outcome) -> Iterator[Problem]:
    for call in seen.of("stream.subscriptions.create"):
        body = call.get("request") or {}
        if body.get("dataSetId") == DATASET and call["status"] == HTTPStatus.OK:
            return
    yield Problem(
        f"no subscription of {DATASET} was created",
        "POST /streams/subscriptions with clientRequestToken, dataSetId and destinationArn: "
        "args.queueArn",
    )


def _subscription(account: Account) -> dict[str, Any]:
    return {
        "profile": account.profile("NA"),
        "datasets": [DATASET],
        "queueArn": queue_arn(f"NA.{QUEUE}"),
    }


def _unraised(seen: Outcome) -> Iterator[Problem]:
    if not seen.of("sqs.ReceiveMessage"):
        yield Problem(
            "no message was received", "receive from args.queueUrl with the endpoint in aws"
        )
    if seen.of(CAMPAIGN_UPDATE):
        yield Problem(
            "a campaign was changed, although no message was about a budget",
            "raise only the budgets that a message of budget-usage names",
        )


def _budgets(account: Account) -> dict[str, Any]:
    return {
        "profile": account.profile("NA"),
        "queueUrl": account.queue_url,
        "seconds": STREAM_SECONDS,
        "percent": PERCENT,
        "amount": RAISE,
    }


def _stream(account: Account) -> dict[str, Any]:
    return {
        "queueUrl": account.queue_url,
        "seconds": STREAM_SECONDS,
        "datasets": ["sp-traffic"],
        "metrics": ["clicks"],
    }


STREAM_PROBES = (
    Probe("subscribe_stream", _subscription, _subscribed),
    Probe("consume_stream", _stream, _added_up, None),
    Probe("raise_budgets", _budgets, _unraised, None),
)
