"""Checks of how tokens are asked for, shared, replaced and given up.

Source: access-token page, a token lives 60 minutes and serves every call of its client, and the
error page, which 401 a new token can cure; documented.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

TOKEN = "lwa.token"
UNAUTHORIZED = 401

SHRUNK = 0.5
"""A wait below this part of the one before counts as shrinking.

Under doubling with full jitter one wait in eight is, two in a row one in a hundred [simulated,
100,000 runs: 0.125 and 0.003]; with any other lawful jitter none.
"""


def one_token_serves_all(view: CaseView, calls: int) -> Finding:
    """Hold when the calls within one lifetime needed no more grants than there are workers."""
    served = [entry for entry in view.api if entry.is_success]
    grants = [entry for entry in view.entries if entry.is_grant]
    most = view.manifest.workers
    numbers = {"calls": len(served), "grants": len(grants), "most": most}
    if len(served) < calls:
        return unproven(f"{counted(len(served), 'call')} succeeded; {calls} are needed", **numbers)
    sentence = f"{counted(len(grants), 'grant')} for {len(served)} calls in one lifetime"
    if len(grants) > most:
        return broken(f"{sentence}; {most} would do", rows(grants, "new token"), **numbers)
    return holds(sentence, rows(grants, "new token"), **numbers)


def refused_together_refresh_once(view: CaseView, together: int, within_s: float) -> Finding:
    """Hold when calls refused with one token lead to no more grants than there are workers.

    A client that meets the refusal in waves has a token refused in each; all of them count.
    """
    by_token: dict[str | None, list[Entry]] = defaultdict(list)
    for entry in view.api:
        if entry.status == UNAUTHORIZED:
            by_token[entry.token].append(entry)
    refused = max(by_token.values(), key=len, default=[])
    if len(refused) < together:
        return unproven(
            f"{counted(len(refused), 'call')} were refused with the same token; "
            f"{together} are needed",
            refused=len(refused),
        )
    first = refused[0]
    grants = [
        one
        for one in view.entries
        if one.is_grant and one.seq > first.seq and one.arrive <= refused[-1].send + within_s
    ]
    most = view.manifest.workers * len(by_token)
    numbers = {"refused": len(refused), "grants": len(grants), "most": most}
    sentence = (
        f"{len(refused)} calls were refused with the same token and "
        f"{counted(len(grants), 'grant')} followed within {within_s:g} s"
    )
    evidence = [*rows(refused, "refused with the dead token"), *rows(grants, "new token")]
    if len(grants) > most:
        return broken(f"{sentence}; {most} would do", evidence, **numbers)
    return holds(sentence, evidence, **numbers)


def expired_tokens_are_rare(view: CaseView, lifetimes: int) -> Finding:
    """Hold when each token was sent at most once after its end, over some lifetimes."""
    tokens = {entry.token for entry in view.api if entry.token}
    late = [entry for entry in view.api if entry.token_state == "expired"]
    counts = Counter(entry.token for entry in late)
    numbers = {"tokens": len(tokens), "expired_calls": len(late)}
    again = [entry for entry in late if counts[entry.token] > 1]
    if again:
        return broken(
            f"one token was sent {counted(counts[again[0].token], 'time')} after it had expired; "
            "once is enough to notice",
            rows(again, "carried an expired token"),
            **numbers,
        )
    if len(tokens) < lifetimes:
        return unproven(
            f"{counted(len(tokens), 'token')} seen; {lifetimes} lifetimes are needed", **numbers
        )
    return holds(
        f"{counted(len(tokens), 'token')}, {counted(len(late), 'call')} with an expired one",
        rows(late, "carried an expired token"),
        **numbers,
    )


def lasting_401_ends(view: CaseView, attempts: int, grants: int) -> Finding:
    """Hold when a call that stays 401 is given up after few attempts and few new tokens."""
    struck = {one.chain for one in view.api if one.status == UNAUTHORIZED and one.fault_id}
    refused: dict[str, list[Entry]] = defaultdict(list)
    for entry in view.api:
        if entry.status == UNAUTHORIZED and entry.chain in struck:
            refused[entry.chain].append(entry)
    if not refused:
        return unproven("no call was answered 401 by plan")
    asked = {chain: _grants_after(view, found) for chain, found in refused.items()}
    numbers = {
        "calls": len(refused),
        "most_attempts": max(map(len, refused.values())),
        "most_grants": max(map(len, asked.values())),
    }
    for chain, found in refused.items():
        if len(found) > attempts or len(asked[chain]) > grants:
            return broken(
                f"{found[0].operation} stayed 401 and was sent {counted(len(found), 'time')}, with "
                f"{counted(len(asked[chain]), 'grant')}; {counted(attempts, 'attempt')} and "
                f"{counted(grants, 'grant')} are the limit",
                [*rows(found, "answered 401"), *rows(asked[chain], "new token")],
                **numbers,
            )
    return holds(
        f"{counted(len(refused), 'call')} stayed 401; none was sent more than "
        f"{counted(numbers['most_attempts'], 'time')}",
        [row(found[0], "answered 401") for found in refused.values()],
        **numbers,
    )


def _grants_after(view: CaseView, found: list[Entry]) -> list[Entry]:
    """Return the grants from a refusal on until other work begins."""
    later = (one.seq for one in view.api if one.seq > found[-1].seq and one.chain != found[0].chain)
    end = next(later, view.entries[-1].seq + 1)
    return [one for one in view.entries if one.is_grant and found[0].seq < one.seq < end]


def refused_grant_is_believed(view: CaseView, most: int) -> Finding:
    """Hold when the token endpoint was asked no more than ``most`` times after invalid_grant."""
    asked = view.of_operation(TOKEN)
    refused = [entry for entry in asked if entry.is_refusal]
    if not refused:
        return unproven("no grant was refused")
    evidence = rows(asked, "a call to the token endpoint")
    numbers = {"token_calls": len(asked), "most": most}
    sentence = f"{counted(len(asked), 'call')} to the token endpoint, which refused the grant"
    if len(asked) > most:
        return broken(f"{sentence}; {most} are the limit", evidence, **numbers)
    return holds(sentence, evidence, **numbers)


def nothing_is_sent_without_a_token(view: CaseView) -> Finding:
    """Hold when no API call went out after the grant was refused."""
    refused = next((one for one in view.of_operation(TOKEN) if one.is_refusal), None)
    if refused is None:
        return unproven("no grant was refused")
    bare = [one for one in view.api if one.seq > refused.seq and one.token_state != "valid"]
    if bare:
        return broken(
            f"{counted(len(bare), 'API call')} went out although there was no token for them",
            rows(bare, f"token: {bare[0].token_state}"),
            calls=len(bare),
        )
    return holds("no API call went out without a token", [row(refused, "grant refused")], calls=0)


def grant_trouble_is_waited_out(view: CaseView, most: int) -> Finding:
    """Hold when a failing token endpoint was asked a few times, at waits that do not shrink."""
    chain = next((one for one in view.chains if one.attempts[0].operation == TOKEN), None)
    if chain is None or not chain.faulted:
        return unproven("the token endpoint never failed")
    gaps = [round(gap, 3) for gap in chain.gaps]
    numbers = {"attempts": len(chain.attempts), "gaps": gaps, "most": most}
    evidence = [row(one, f"answered {one.status}") for one in chain.attempts]
    shrunk = [later < SHRUNK * earlier for earlier, later in pairwise(gaps)]
    shrinks = any(first and second for first, second in pairwise(shrunk))
    waits = ", ".join(f"{gap:.2f} s" for gap in gaps)
    sentence = f"{counted(len(chain.attempts), 'attempt')} at the token endpoint after {waits}"
    if len(chain.attempts) > most:
        return broken(f"{sentence}; {most} are the limit", evidence, **numbers)
    if shrinks:
        return broken(f"{sentence}; the waits shrink", evidence, **numbers)
    return holds(sentence, evidence, **numbers)


def work_follows_the_grant(view: CaseView) -> Finding:
    """Hold when API calls succeeded after the token endpoint had failed."""
    failed = [one for one in view.of_operation(TOKEN) if one.fault_id]
    if not failed:
        return unproven("the token endpoint never failed")
    done = [one for one in view.api if one.is_success and one.seq > failed[-1].seq]
    numbers = {"failed": len(failed), "calls": len(done)}
    if not done:
        return broken("no API call succeeded afterwards", rows(failed, "no token"), **numbers)
    return holds(
        f"{counted(len(done), 'API call')} succeeded once a token was there",
        [row(done[0], "the work goes on")],
        **numbers,
    )


JUDGES = (
    expired_tokens_are_rare,
    grant_trouble_is_waited_out,
    lasting_401_ends,
    nothing_is_sent_without_a_token,
    one_token_serves_all,
    refused_grant_is_believed,
    refused_together_refresh_once,
    work_follows_the_grant,
)

TIMED = (grant_trouble_is_waited_out, refused_together_refresh_once)
