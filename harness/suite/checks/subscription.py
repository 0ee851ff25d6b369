"""Checks of subscriptions to Amazon Marketing Stream: created, confirmed, repeated, replaced.

Source: Ads docs, Marketing Stream: managing-subscriptions, onboarding; documented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from adsmock.contracts.loader import load
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import reports_failure
from adsmock.harness.suite.checks.stream import deleted_messages, deliveries, is_cut
from adsmock.harness.suite.journal import CaseView, Entry

CREATE = "stream.subscriptions.create"
READS = ("stream.subscriptions.list", "stream.subscriptions.get")
CONFIRM = "sns.ConfirmSubscription"
CONFIRMATION = "SubscriptionConfirmation"
VERB = "subscribe_stream"

TOKEN_SHOWN = 8
"""Characters of a token in a sentence."""


@dataclass(frozen=True, slots=True)
class Creation:
    """One creation of a subscription: what it is for, and the token of its request."""

    call: Entry
    dataset: str
    arn: str
    token: str

    @property
    def subject(self) -> tuple[str | None, str, str]:
        """Return the profile, the dataset and the queue."""
        return self.call.profile_id, self.dataset, self.arn

    @property
    def is_done(self) -> bool:
        """Say whether the subscription exists, whether or not the client got the reply."""
        return self.call.committed or self.call.is_success


def creations(view: CaseView) -> list[Creation]:
    """Return all creations of subscriptions with a readable body, in order."""
    calls = view.of_operation(CREATE)
    return [_creation(call, call.request) for call in calls if isinstance(call.request, dict)]


def confirmations_are_answered(view: CaseView) -> Finding:
    """Hold when each subscription whose confirmation was received is confirmed in the end.

    A message that stays in the queue after SNS failed may be confirmed later.
    """
    received = [
        each for each in deliveries(view) if (each.record or {}).get("Type") == CONFIRMATION
    ]
    found = {str((each.record or {}).get("Token")): each for each in received}
    calls = view.of_operation(CONFIRM)
    numbers = {"received": len(found), "calls": len(calls)}
    if is_cut(view):
        return inconclusive("a reply with messages was too large for the journal", **numbers)
    if not found:
        return unproven("no confirmation was received", **numbers)
    confirmed = {_token(call) for call in calls if call.is_success}
    left = [each for token, each in found.items() if token not in confirmed]
    if left and view.record.ending.timed_out:
        return inconclusive("the client was stopped before it confirmed", **numbers)
    deleted = deleted_messages(view, received)
    failed = [call for call in calls if not call.is_success]
    if left and failed and not any(each.message in deleted for each in left):
        return unproven("the time was over before the confirmation came again", **numbers)
    if left:
        why = "its message was deleted after SNS had failed" if failed else "SNS was never called"
        return broken(
            f"{len(left)} of {counted(len(found), 'subscription')} not confirmed: {why}",
            (
                *rows((each.call for each in left), "confirmation received"),
                *rows(failed, "confirmation refused"),
            ),
            **numbers,
        )
    return holds(
        f"{counted(len(found), 'subscription')} confirmed, with {counted(len(calls), 'call')}",
        rows(calls, "confirmation"),
        **numbers,
    )


def repeated_creation_has_its_token(view: CaseView) -> Finding:
    """Hold when a creation with a lost answer is repeated with its token, or read back first."""
    every = creations(view)
    lost = [each for each in every if each.call.fault_id and not each.call.is_success]
    if not lost:
        return unproven("no answer to a creation was lost")
    evidence = [row(each.call, "answer lost") for each in lost]
    for each in lost:
        later = [one for one in every if one.call.seq > each.call.seq]
        again = next((one for one in later if one.subject == each.subject), None)
        reads = [call for call in view.api if call.operation in READS]
        reads = [call for call in reads if call.seq > each.call.seq and call.is_success]
        if again is None and not reads:
            return unproven("the creation was neither repeated nor read back")
        is_read_first = bool(reads) and (again is None or reads[0].seq < again.call.seq)
        if again is not None and again.token != each.token and not is_read_first:
            return broken(
                f"the creation of {each.dataset} was repeated with another clientRequestToken: "
                f"{_short(again.token)} after {_short(each.token)}",
                (*evidence, row(again.call, "another clientRequestToken")),
                again.call,
                lost=len(lost),
            )
        evidence += [row(again.call, "repeated")] if again else rows(reads[:1], "read back")
    return holds(
        f"{counted(len(lost), 'creation')} with a lost answer, each repeated with its token or "
        "read back",
        evidence,
        lost=len(lost),
    )


def queues_are_in_their_region(view: CaseView, regions: int) -> Finding:
    """Hold when each subscription names a queue in the AWS region of its region.

    Args:
        view: the view of the case.
        regions: regions that need subscriptions for a verdict.
    """
    every = [each for each in creations(view) if each.arn and each.call.region]
    seen = {str(each.call.region) for each in every}
    numbers = {"creations": len(every), "seen": sorted(seen)}
    expected = {name: region.aws_region for name, region in load().regions.items()}
    wrong = [each for each in every if _aws_region(each.arn) != expected[str(each.call.region)]]
    if wrong:
        first = wrong[0]
        region = str(first.call.region)
        return broken(
            f"a subscription in {region} names a queue in {_aws_region(first.arn)}; queues of "
            f"{region} are in {expected[region]}",
            rows((each.call for each in wrong), "queue in another AWS region"),
            **numbers,
        )
    if len(seen) < regions:
        return unproven(f"subscriptions in {len(seen)} of {regions} regions", **numbers)
    return holds(
        f"{counted(len(every), 'creation')} in {counted(len(seen), 'region')}, each with a "
        "queue in its AWS region",
        rows((each.call for each in every), "queue in its AWS region"),
        **numbers,
    )


def datasets_are_subscribed(view: CaseView, datasets: list[str]) -> Finding:
    """Hold when a profile has a subscription of each dataset with one queue.

    Args:
        view: the view of the case.
        datasets: the datasets that belong together.
    """
    every = creations(view)
    if not every:
        return unproven("no subscription was created")
    done: dict[tuple[str | None, str], set[str]] = {}
    for each in every:
        of_queue = done.setdefault((each.call.profile_id, each.arn), set())
        of_queue |= {each.dataset} if each.is_done else set()
    best = max(done.values(), key=lambda found: len(found & set(datasets)))
    missing = [name for name in datasets if name not in best]
    evidence = [row(each.call, f"{each.dataset}: {each.call.status}") for each in every]
    if missing and view.record.ending.timed_out:
        return inconclusive("the client was stopped before it had subscribed")
    if missing and reports_failure(view):
        return unproven(
            f"{' and '.join(missing)} not subscribed, and the client reports that it failed",
            missing=missing,
        )
    if missing:
        return broken(
            f"no queue has a subscription of {' and '.join(missing)} together with the other "
            "datasets of the task",
            evidence,
            missing=missing,
        )
    return holds(f"{' and '.join(datasets)} are subscribed with one queue", evidence)


def failed_subscription_is_created_again(view: CaseView, seconds: float) -> Finding:
    """Hold when a subscription that failed is created again, with another token.

    Args:
        view: the view of the case; nothing confirms its first subscription.
        seconds: seconds after the creation, after which the subscription has failed.
    """
    every = creations(view)
    first = next((each for each in every if each.is_done), None)
    if first is None:
        return unproven("no subscription was created")
    failed_at = first.call.send + seconds
    later = [call for call in view.api if call.arrive > failed_at]
    after = [each for each in every if each.call.arrive > failed_at and each.is_done]
    again = [each for each in after if each.subject == first.subject]
    fresh = [each for each in again if each.token != first.token]
    evidence = (row(first.call, "subscription that failed"),)
    if fresh:
        return holds(
            f"the subscription of {first.dataset} failed, and was created again with a new token",
            evidence + rows((each.call for each in fresh), "created again"),
        )
    if not later and not _has_reported_twice(view):
        return unproven("the client made no call after the subscription had failed")
    if view.record.ending.timed_out:
        return inconclusive("the client was stopped before it could create it again")
    reads = [call for call in later if call.operation in READS]
    why = "no call listed the subscriptions afterwards"
    if again:
        why = "the token of the failed one was sent again, which creates nothing"
    elif reads:
        why = "a list showed it, and no creation followed"
    return broken(
        f"the subscription of {first.dataset} failed and was not created again: {why}",
        evidence + rows(reads[-1:], "list") + rows((each.call for each in again), "same token"),
        reads=len(reads),
    )


def burst_is_consumed(view: CaseView, dataset: str, records: int) -> Finding:
    """Hold when the records of a burst are deleted within the time of the task.

    Args:
        view: the view of the case.
        dataset: the dataset of the records.
        records: the number of records in the queue.
    """
    if is_cut(view):
        return inconclusive("a reply with messages was too large for the journal")
    received = [each for each in deliveries(view) if each.dataset == dataset]
    deleted = deleted_messages(view, received)
    calls = {each.call.seq: each.call for each in received}
    numbers = {"received": len({each.message for each in received}), "deleted": len(deleted)}
    if not received:
        return unproven(f"no record of {dataset} was received", **numbers)
    last = rows(list(calls.values())[-1:], "last messages received")
    if len(deleted) < records:
        if view.record.ending.timed_out or view.record.ending.error:
            return inconclusive("the client did not end its task by itself", **numbers)
        return broken(
            f"{records - len(deleted)} of {counted(records, 'record')} were left in the queue "
            f"when the time was over; {counted(len(calls), 'receipt')} had messages",
            last,
            **numbers,
        )
    return holds(
        f"{counted(records, 'record')} deleted after {counted(len(calls), 'receipt')} with "
        "messages",
        last,
        **numbers,
    )


def _creation(call: Entry, body: dict[str, Any]) -> Creation:
    destination = body.get("destination")
    of_queue = destination.get("sqsDestination") if isinstance(destination, dict) else None
    own = of_queue.get("queueArn") if isinstance(of_queue, dict) else None
    arn = str(body.get("destinationArn") or own or "")
    dataset, token = str(body.get("dataSetId", "")), str(body.get("clientRequestToken", ""))
    return Creation(call, dataset, arn, token)


def _token(call: Entry) -> str:
    """Return the token of a confirmation, which is in its form or in its query."""
    if isinstance(call.request, dict):
        return str(call.request.get("Token", ""))
    return (parse_qs(call.query).get("Token") or [""])[0]


def _has_reported_twice(view: CaseView) -> bool:
    """Say whether the client reports that it did a second task about subscriptions."""
    claims = [each for each in view.record.ending.claims if each.get("verb") == VERB]
    return len(claims) > 1 and claims[-1].get("status") == "done"


def _aws_region(arn: str) -> str:
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else "no AWS region"  # noqa: PLR2004 -- arn:aws:sqs:REGION


def _short(token: str) -> str:
    return f'"{token[:TOKEN_SHOWN]}"'


JUDGES = (
    burst_is_consumed,
    confirmations_are_answered,
    datasets_are_subscribed,
    failed_subscription_is_created_again,
    queues_are_in_their_region,
    repeated_creation_has_its_token,
)
