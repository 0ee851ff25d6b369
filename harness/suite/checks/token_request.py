"""Checks of how tokens are requested, shared, replaced and given up.

Source: access-token page, a token is valid for 60 minutes and for every call of its client; error
page, which 401 a new token can fix; documented.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import fsum

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
from adsmock.harness.suite.checks.grant import grants_for
from adsmock.harness.suite.checks.immediate_retry import probability, scale
from adsmock.harness.suite.checks.noise import noisy
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.journal import CaseView, Entry

TOKEN = "lwa.token"
UNAUTHORIZED = 401

SHRUNK = 0.5
"""A wait below this part of the one before counts as shrinking.

With doubling and full jitter, the share of such waits is 0.125, of two in a row 0.003 (simulated,
100,000 runs). With any other compliant jitter there are none.
"""


def one_token_serves_all(view: CaseView, calls: int) -> Finding:
    """Hold when the calls within one lifetime needed at most one token per worker."""
    served = [entry for entry in view.api if entry.is_success]
    grants = [entry for entry in view.entries if entry.is_grant]
    most = view.manifest.workers
    numbers = {"calls": len(served), "grants": len(grants), "most": most}
    if len(served) < calls:
        return unproven(f"{counted(len(served), 'call')} succeeded; {calls} are needed", **numbers)
    sentence = f"{counted(len(grants), 'token')} for {len(served)} calls within one lifetime"
    if len(grants) > most:
        return broken(f"{sentence}; the limit is {most}", rows(grants, "new token"), **numbers)
    return holds(sentence, rows(grants, "new token"), **numbers)


def refused_together_refresh_once(view: CaseView, together: int) -> Finding:
    """Hold when each group of calls refused together led to at most one new token per worker.

    A client with few workers has its calls refused in several groups. Whether two calls of a group
    had the same token does not matter: without a lock, each thread may have fetched its own.
    """
    refused = _at_the_server(view, [one for one in view.api if one.status == UNAUTHORIZED])
    groups = _simultaneous(refused)
    largest = max(groups, key=len, default=[])
    if len(largest) < together:
        return unproven(
            f"at most {counted(len(largest), 'call')} refused at the same time; {together} are "
            "needed",
            refused=len(largest),
        )
    later = [each for each in view.entries if each.seq > refused[0].seq]
    regions = {each.region for each in refused}
    of_regions = {one.seq: one for region in regions for one in grants_for(view, region, later)}
    grants = [each for each in later if each.seq in of_regions]
    most = view.manifest.workers * len(groups)
    numbers = {
        "refused": len(refused),
        "together": len(largest),
        "groups": len(groups),
        "grants": len(grants),
        "most": most,
    }
    sentence = (
        f"{counted(len(refused), 'call')} refused in {counted(len(groups), 'group')} of "
        f"simultaneous calls, then {counted(len(grants), 'new token')}"
    )
    evidence = [*rows(largest, "refused together"), *rows(grants, "new token")]
    if len(grants) > most:
        return broken(f"{sentence}; the limit is {most}", evidence, **numbers)
    return holds(sentence, evidence, **numbers)


def _at_the_server(view: CaseView, found: Sequence[Entry]) -> list[Entry]:
    """Return entries with the times of the machine: a frozen clock gives all calls one moment."""
    chosen = {entry.seq for entry in found}
    timed = [Entry.read(row, "monotonic") for row in view.record.rows if row["seq"] in chosen]
    return sorted(timed, key=lambda entry: entry.arrive)


def _simultaneous(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return groups of calls, each of calls that arrived before any of the group was answered."""
    groups: list[list[Entry]] = []
    for entry in entries:
        if not groups or entry.arrive > min(one.send for one in groups[-1]):
            groups.append([])
        groups[-1].append(entry)
    return groups


def expired_tokens_are_rare(view: CaseView, lifetimes: int) -> Finding:
    """Hold when each token was sent at most once after its expiry, over some lifetimes."""
    tokens = {entry.token for entry in view.api if entry.token}
    late = [entry for entry in view.api if entry.token_state == "expired"]
    counts = Counter(entry.token for entry in late)
    numbers = {"tokens": len(tokens), "expired_calls": len(late)}
    again = [entry for entry in late if counts[entry.token] > 1]
    if again:
        return broken(
            f"one token was sent {counted(counts[again[0].token], 'time')} after its expiry; the "
            "limit is once",
            rows(again, "expired token"),
            **numbers,
        )
    if len(tokens) < lifetimes:
        return unproven(
            f"{counted(len(tokens), 'token')}; {lifetimes} lifetimes are needed", **numbers
        )
    return holds(
        f"{counted(len(tokens), 'token')}, {counted(len(late), 'call')} with an expired one",
        rows(late, "expired token"),
        **numbers,
    )


def lasting_401_ends(view: CaseView, attempts: int, grants: int) -> Finding:
    """Hold when a call that always gets 401 is given up after few attempts and new tokens.

    Each declared worker has a token cache of its own.
    """
    struck = {call.chain for call in view.api if call.status == UNAUTHORIZED and call.fault_id}
    # A call that is tried in other regions is the subject of G03: each region counts by itself.
    refused: dict[tuple[str, str | None], list[Entry]] = defaultdict(list)
    for entry in view.api:
        if entry.status == UNAUTHORIZED and entry.chain in struck:
            refused[entry.chain, entry.region].append(entry)
    if not refused:
        return unproven("no call got a planned 401")
    grants *= view.manifest.workers
    asked = {place: _grants_after(view, found) for place, found in refused.items()}
    numbers = {
        "calls": len(refused),
        "most_attempts": max(map(len, refused.values())),
        "most_grants": max(map(len, asked.values())),
    }
    for place, found in refused.items():
        if len(found) > attempts or len(asked[place]) > grants:
            return broken(
                f"{found[0].title} always got 401 and was sent {counted(len(found), 'time')} "
                f"with {counted(len(asked[place]), 'new token')}; the limit is "
                f"{counted(attempts, 'attempt')} and {counted(grants, 'new token')}",
                [*rows(asked[place], "new token"), *rows(found, "got 401")],
                found[-1],
                **numbers,
            )
    first = next(iter(refused.values()))[0]
    if numbers["most_attempts"] == 1 and not acted_after(view, first):
        return unproven("after the 401, the client neither went on nor reported the failure")
    return holds(
        f"{counted(len(refused), 'call')} with repeated 401, none sent more than "
        f"{counted(numbers['most_attempts'], 'time')}",
        [row(found[0], "got 401") for found in refused.values()],
        **numbers,
    )


def _grants_after(view: CaseView, found: list[Entry]) -> list[Entry]:
    """Return the new tokens of the region between a refusal and the next other work.

    One token after the last attempt is not counted: it may be for that work.
    """
    later = (one.seq for one in view.api if one.seq > found[-1].seq and one.chain != found[0].chain)
    end = next(later, view.entries[-1].seq + 1)
    between = (one for one in view.entries if found[0].seq < one.seq < end)
    grants = grants_for(view, found[0].region, between)
    is_extra = bool(grants) and grants[-1].seq > found[-1].seq
    return grants[:-1] if is_extra else grants


def refused_grant_is_final(view: CaseView, most: int, *, each_task: bool = False) -> Finding:
    """Hold when the token endpoint was called at most ``most`` times after invalid_grant.

    Each declared worker has a token cache of its own. With ``each_task`` each task may be a new
    process, which does not know of the refusal.
    """
    asked = view.of_operation(TOKEN)
    refused = [entry for entry in asked if entry.is_refusal]
    if not refused:
        return unproven("no token request was refused")
    evidence = rows(asked, "token request")
    most *= max(view.manifest.workers, len(view.record.tasks) if each_task else 1)
    numbers = {"token_calls": len(asked), "most": most}
    sentence = f"the grant was refused; the client sent {counted(len(asked), 'token request')}"
    if len(asked) > most:
        return broken(f"{sentence}; the limit is {most}", evidence, **numbers)
    return holds(sentence, evidence, **numbers)


def nothing_is_sent_without_a_token(view: CaseView) -> Finding:
    """Hold when no API call without a valid token was sent after the grant was refused."""
    refused = next((call for call in view.of_operation(TOKEN) if call.is_refusal), None)
    if refused is None:
        return unproven("no token request was refused")
    bare = [call for call in view.api if call.seq > refused.seq and call.token_state != "valid"]
    if bare:
        return broken(
            f"{counted(len(bare), 'API call')} sent without a valid token",
            rows(bare, f"token: {bare[0].token_state}"),
            calls=len(bare),
        )
    return holds(
        "no API call was sent without a valid token", [row(refused, "grant refused")], calls=0
    )


def token_failure_is_retried_slowly(
    view: CaseView, most: int, proof_ms: float, chance: float
) -> Finding:
    """Hold when a failing token endpoint was called a few times, with waits that do not shrink.

    One wait must reach ``proof_ms``. Broken also when the fastest compliant client has so small a
    sum of waits with a probability below ``chance``: that needs no quiet machine.
    """
    chain = next((each for each in view.chains if each.attempts[0].operation == TOKEN), None)
    if chain is None or not chain.faulted:
        return unproven("the token endpoint never failed")
    if not chain.gaps:
        return unproven("the client did not call the failing token endpoint again")
    gaps = [round(gap, 3) for gap in chain.gaps]
    numbers = {"attempts": len(chain.attempts), "gaps": gaps, "most": most}
    evidence = [row(attempt, f"got {attempt.status}") for attempt in chain.attempts]
    waits = ", ".join(f"{gap:.2f} s" for gap in gaps)
    calls = counted(len(chain.attempts), "call")
    sentence = f"{calls} to the failing token endpoint, with waits of {waits}"
    too_often = f"the limit is {most}" if len(chain.attempts) > most else ""
    if breach := too_often or _too_soon(gaps, chance):
        return broken(f"{sentence}; {breach}", evidence, **numbers)
    if _shrinks(gaps):
        noise = noisy(view)
        sentence = f"{sentence}; the waits must not shrink"
        shrunk = broken(sentence, evidence, **numbers)
        return inconclusive(f"{noise}; {sentence}", **numbers) if noise else shrunk
    if max(gaps) < proof_ms / 1000:
        return unproven(f"{sentence}; waits below {proof_ms:g} ms prove no backoff", **numbers)
    return holds(sentence, evidence, **numbers)


def _too_soon(gaps: Sequence[float], chance: float) -> str:
    """Return what is wrong where no compliant client has such short waits."""
    scales = [scale(number + 1) for number in range(len(gaps))]
    return "expected waits of about a second" if probability(fsum(gaps), scales) < chance else ""


def _shrinks(gaps: Sequence[float]) -> bool:
    """Say whether two waits in a row are each shorter than half of the one before."""
    shrunk = [later < SHRUNK * earlier for earlier, later in pairwise(gaps)]
    return any(first and second for first, second in pairwise(shrunk))


def work_follows_the_grant(view: CaseView) -> Finding:
    """Hold when API calls succeeded after the token endpoint had failed."""
    failed = [call for call in view.of_operation(TOKEN) if call.fault_id]
    if not failed:
        return unproven("the token endpoint never failed")
    done = [call for call in view.api if call.is_success and call.seq > failed[-1].seq]
    numbers = {"failed": len(failed), "calls": len(done)}
    if not done:
        return broken(
            "no API call succeeded after the token endpoint had failed",
            rows(failed, "no token"),
            **numbers,
        )
    return holds(
        f"{counted(len(done), 'API call')} succeeded after the token endpoint had recovered",
        [row(done[0], "first API call afterwards")],
        **numbers,
    )


JUDGES = (
    expired_tokens_are_rare,
    token_failure_is_retried_slowly,
    lasting_401_ends,
    nothing_is_sent_without_a_token,
    one_token_serves_all,
    refused_grant_is_final,
    refused_together_refresh_once,
    work_follows_the_grant,
)
