"""Examine the outcome of a request: first what holds for every verb, then the verb's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.harness.adapter_check.probe import Outcome, Probe
from adsmock.harness.adapter_check.row import Problem

FIRST_REFUSAL = 400


def problems(probe: Probe, seen: Outcome) -> Iterator[Problem]:
    """Yield what is wrong; a failed reply and missing calls hide the rest."""
    if seen.reply["status"] == "failed":
        said = seen.reply.get("error", "no error was given")
        yield Problem(f"the reply says failed: {said}", _advice(seen))
        return
    if probe.needs_calls and not seen.calls:
        yield Problem(
            f"the reply says {seen.reply['status']}, but no API call was made",
            "send the calls to the base URLs in regions, with the credentials of the request",
        )
        return
    yield from _place(probe, seen)
    yield from _refusals(probe, seen)
    yield from probe.examine(seen)


ELSEWHERE = ("storage.", "sqs.", "sns.")
"""Prefixes of operations that belong to no region and no profile."""

UNSCOPED = ("profiles.", "amc.")
"""Prefixes of operations that name their account in another way than by a scope."""


def _place(probe: Probe, seen: Outcome) -> Iterator[Problem]:
    """Yield calls to another region or for another profile than the task names."""
    api = [call for call in seen.calls if not call["operation"].startswith(ELSEWHERE)]
    regions = {str(call["region"]) for call in api}
    if probe.region and regions - {probe.region}:
        yield Problem(
            f"calls went to {', '.join(sorted(regions))} instead of {probe.region}",
            "take the region of args.profile from profiles, and its base URLs from regions",
        )
    wanted = seen.args.get("profile")
    scoped = [call for call in api if not call["operation"].startswith(UNSCOPED)]
    scopes = {str(call["profileId"]) for call in scoped}
    if wanted and scopes - {wanted}:
        yield Problem(
            f"calls were made for profile {', '.join(sorted(scopes))} instead of {wanted}",
            "send args.profile as the header Amazon-Advertising-API-Scope",
        )


def _refusals(probe: Probe, seen: Outcome) -> Iterator[Problem]:
    refused = _refused(seen)
    if refused:
        yield Problem(refused, "compare the request with the reply in the message")
    elif seen.reply["status"] != probe.expects and probe.expects == "done":
        said = seen.reply.get("error", "")
        yield Problem(
            f"the reply says {seen.reply['status']} for work that the API accepted: {said}",
            "answer done when the API accepted every item",
        )


def _advice(seen: Outcome) -> str:
    return _refused(seen) or "see the program's error, and answer failed only for failed work"


def _refused(seen: Outcome) -> str:
    """Return the first call that the mock refused with its message, empty when there is none."""
    for call in seen.calls:
        if (call["status"] or 0) >= FIRST_REFUSAL:
            return (
                f"{call['method']} {call['path']} was refused with {call['status']}: {_said(call)}"
            )
    return ""


def _said(call: dict[str, Any]) -> str:
    reply = call.get("reply")
    if isinstance(reply, dict):
        for name in ("message", "details", "detail", "error_description"):
            if reply.get(name):
                return str(reply[name])
    return str(reply)[:200]
