"""Checks of the identity of a call: headers and tokens.

Source: get-started and access-token pages, headers of a call and the life of a token; documented.
"""

from __future__ import annotations

from collections.abc import Iterator

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.grant import grants_for
from adsmock.harness.suite.journal import CaseView, Entry

UNAUTHORIZED = 401
FORBIDDEN = 403

CAME_LAST = (
    "no list of another profile was sent or answered after the 403, so nothing shows that the work "
    "goes on: do not work on the refused profile last"
)

DEAD = frozenset({"expired", "revoked"})
"""States of a token that every region refuses."""

FOREIGN = frozenset({"absent", "unknown", "foreign"})
"""Token states that no timing explains; other cases judge expired and revoked tokens."""


def calls_are_authorized(view: CaseView) -> Finding:
    """Hold when each API call carries a token, the client id and a scope of the token."""
    problems = [(entry, _lacks(view, entry)) for entry in view.api]
    bad = [(entry, lack) for entry, lack in problems if lack]
    if bad:
        first, lack = bad[0]
        return broken(
            f"{len(bad)} of {counted(len(view.api), 'API call')} lacked a header or had a wrong "
            f"one; call {first.seq} ({first.operation or first.path}) {lack}",
            [row(entry, lack) for entry, lack in bad],
            calls=len(view.api),
            incomplete=len(bad),
        )
    if not view.api:
        return unproven("there was no API call")
    return holds(
        f"{counted(len(view.api), 'API call')}, all with a token, the client id and a valid scope",
        calls=len(view.api),
    )


def _lacks(view: CaseView, entry: Entry) -> str:
    """Return what a call lacks, empty when nothing."""
    if entry.token_state in FOREIGN:
        return f"carried no token of this client (token: {entry.token_state})"
    if entry.client_id != view.record.client_id:
        return "carried no client id" if entry.client_id is None else "carried another client id"
    if entry.operation.startswith("profiles."):
        return ""
    if entry.profile_id is None:
        return "carried no scope"
    if entry.profile_id not in view.region_of:
        return f"carried scope {entry.profile_id}, which is not a profile of the token"
    return ""


def dead_token_is_replaced_once(view: CaseView, regions: int = 1) -> Finding:
    """Hold when each 401 for a dead token leads to one new token and then to success.

    Such a 401 is needed in so many ``regions``. Regions may share a token: the fault of one kills
    it for all. A call that got 401 for its new token as well need not be repeated again.
    """
    refused = [call for call in view.api if is_refused_token(call) and not _is_second(view, call)]
    if not refused:
        return unproven("no call got 401 for a revoked token")
    findings = [_replacement(view, call) for call in refused]
    if bad := next((finding for finding in findings if finding.outcome == "broken"), None):
        return bad
    seen = {call.region for call in refused}
    if len(seen) < regions:
        return unproven(
            f"a call got 401 for a revoked token in {counted(len(seen), 'region')}, needed in "
            f"{regions}"
        )
    return findings[0]


def _is_second(view: CaseView, refused: Entry) -> bool:
    """Say whether an earlier attempt of the same call got 401 for another token."""
    return any(
        call.seq < refused.seq
        and (call.chain, call.region) == (refused.chain, refused.region)
        and call.token != refused.token
        and is_refused_token(call)
        for call in view.api
    )


def _replacement(view: CaseView, refused: Entry) -> Finding:
    """Return whether one refused call was repeated with a new token.

    It must succeed then, unless another fault has revoked the new token as well.
    """
    later = [entry for entry in view.entries if entry.seq > refused.seq]
    same = [
        entry for entry in later if (entry.chain, entry.region) == (refused.chain, refused.region)
    ]
    again = next((entry for entry in same if _is_repetition(entry, refused)), None)
    end = again.seq if again else later[-1].seq + 1 if later else refused.seq
    between = [entry for entry in view.entries if refused.seq <= entry.seq < end]
    grants = grants_for(view, refused.region, between)
    dead = _dead_tokens(view, refused.region, between)
    stale = [entry for entry in same if entry.token == refused.token and entry.seq <= end]
    numbers = {"grants": len(grants), "stale": len(stale), "dead": len(dead)}
    evidence = [
        row(refused, "401: the token was revoked"),
        *rows(grants, "new token"),
        *rows(stale, "same revoked token again"),
    ]
    breach = _breach(stale, again, len(grants), len(dead))
    if breach or again is None:
        last = stale[-1] if stale else grants[-1] if grants and again else refused
        return broken(f"{breach} (region {refused.region})", evidence, last, **numbers)
    many = counted(len(grants), "new token")
    requested = f"requested {many}" if grants else "took a token that it had just requested"
    result = "succeeded with it" if again.is_success else "got 401 for it too: it was dead as well"
    return holds(
        f"after the 401 the client {requested}, and the same call {result}",
        [*evidence, row(again, "repeated with the new token")],
        **numbers,
    )


def _is_repetition(entry: Entry, refused: Entry) -> bool:
    return entry.is_success or (entry.token != refused.token and is_refused_token(entry))


def _dead_tokens(view: CaseView, region: str | None, calls: list[Entry]) -> set[str | None]:
    """Return the tokens of a region that got 401, in any region: regions may share a token."""
    own = {call.token for call in view.api if call.region == region}
    return own.intersection(call.token for call in calls if is_refused_token(call))


def _breach(stale: list[Entry], again: Entry | None, grants: int, dead: int) -> str:
    """Return what was wrong between the 401 and its repetition, empty when nothing."""
    if stale:
        return f"the revoked token was sent again {counted(len(stale), 'time')} after the 401"
    if again is None:
        return "the call that got 401 was never repeated with a new token and success"
    if grants > dead:
        revoked = "" if dead == 1 else f", and only {dead} tokens were revoked"
        return f"{grants} new tokens between the 401 and its retry instead of one{revoked}"
    return ""


def other_profiles_complete(view: CaseView) -> Finding:
    """Hold when every list of a profile that was not refused succeeded, and one after the 403.

    Lists before the 403 show nothing: the client did not know of it yet. Lists that the client
    reports as unsupported are not judged.
    """
    refused = [call for call in view.api if call.status == FORBIDDEN and call.fault_id]
    if not refused:
        return unproven("no profile was refused")
    banned = {call.profile_id for call in refused}
    wanted = _lists_of_others(view, banned)
    if not wanted:
        return unproven("the client reports the lists of all other profiles as unsupported")
    done = {(call.profile_id, call.operation) for call in view.api if call.is_success}
    left = sorted(wanted - done)
    later = [pair for pair in wanted if _is_done_after(view, pair, refused[0])]
    numbers = {"refused_profiles": len(banned), "lists": len(wanted), "later": len(later)}
    numbers["left"] = len(left)
    evidence = rows(refused, "refused for this profile only")
    if left:
        return broken(
            f"{len(left)} of {counted(len(wanted), 'list')} of other profiles never succeeded, "
            f"such as {left[0][1]} of profile {left[0][0]}",
            [*evidence, *_attempts(view, *left[0])],
            **numbers,
        )
    if not later:
        return unproven(CAME_LAST, **numbers)
    return holds(
        f"{counted(len(later), 'list')} of other profiles after the 403, all successful",
        evidence,
        **numbers,
    )


def _lists_of_others(view: CaseView, banned: set[str | None]) -> set[tuple[str | None, str]]:
    """Return the profile and operation of each list that the tasks want of other profiles."""
    unsupported = view.unsupported_tasks
    return {
        (str(task["args"]["profile"]), f"{task['args']['resource']}.list")
        for number, task in enumerate(view.record.tasks)
        if task["verb"] == "list"
        and number not in unsupported
        and task["args"]["profile"] not in banned
    }


def _is_done_after(view: CaseView, pair: tuple[str | None, str], refused: Entry) -> bool:
    """Say whether a list of a profile was sent or answered after the 403, and succeeded."""
    return any(
        (call.profile_id, call.operation) == pair and call.is_success
        for call in view.api
        if call.send > refused.send or (call.seq > refused.seq and call.arrive >= refused.send)
    )


def _attempts(view: CaseView, profile: str | None, operation: str) -> Iterator[Evidence]:
    """Yield the calls of a list that never succeeded."""
    for call in view.of_operation(operation):
        if call.profile_id == profile:
            yield row(call, "of another profile, without success")


def is_refused_token(entry: Entry) -> bool:
    """Say whether the call got 401 because its token is expired or revoked."""
    is_dead = entry.token_state in DEAD or entry.fault_kind == "token-revoked"
    return entry.status == UNAUTHORIZED and is_dead


JUDGES = (calls_are_authorized, dead_token_is_replaced_once, other_profiles_complete)
