"""Checks of how a list is read.

Source: Well-Architected Framework, campaign management: follow nextToken to its end; documented.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import goes_on_elsewhere, reports_failure
from adsmock.harness.suite.journal import CaseView, Entry

TOKEN, SIZE = "nextToken", "maxResults"
REFUSED = 400

TOKEN_SHOWN = 40
"""Characters of a page token that a sentence shows."""


@dataclass(slots=True)
class _Walk:
    """One pass through a list: the expected next token and the pages read so far."""

    expected: str | None = None
    pages: int = 0
    longest: int = 0
    tokens: set[str] = field(default_factory=set)
    """Every token that a page returned."""
    troubled: bool = False
    """Whether one of its pages failed, or came with a fault."""


def pages_are_read_in_order(
    view: CaseView, operation: str, *, faulted_continues: bool = False
) -> Finding:
    """Hold when each token was used once and in order, up to the last page.

    With ``faulted_continues`` a page with a fault must have a token: a list's end shows nothing.
    """
    found = _read_in_order(view, operation)
    struck = (call for call in view.of_operation(operation) if call.fault_id)
    if faulted_continues and found.outcome == "holds" and not any(map(next_token, struck)):
        return unproven("the page with the fault had no token, so the list ended there anyway")
    return found


def _read_in_order(view: CaseView, operation: str) -> Finding:
    """Return whether the pages of all lists were read in order.

    A client may look at a first page, to count the entities, before it reads the list. After a
    page with a fault it must go on from there.
    """
    asked = view.of_operation(operation)
    calls = [call for call in asked if call.is_success]
    if any(_page_of(call) is None or not _is_body(call) for call in calls):
        return inconclusive("the journal does not contain the pages")
    if not any(next_token(call) for call in calls):
        return unproven("no page had a token")
    walks: dict[str, _Walk] = {}
    found = next((each for each in _steps(walks, asked) if each), None)
    if found:
        return found
    pages = max(walk.longest for walk in walks.values())
    given_up = {_ticket(call) for call in asked if not call.is_success}
    open_walks = [
        walk
        for question, walk in walks.items()
        if walk.expected and (question, walk.expected) not in given_up
    ]
    if open_walks:
        last = next(call for call in reversed(calls) if next_token(call) == open_walks[0].expected)
        return broken(
            f"the client stopped after {counted(open_walks[0].pages, 'page')}, although the last "
            "page that it read had a token for the next",
            [row(last, "last page read; its token was never used")],
            pages=open_walks[0].pages,
        )
    if not any(walk.longest > 1 and not walk.expected for walk in walks.values()):
        return unproven(f"the list was given up after {counted(pages, 'page')}", pages=pages)
    return holds(
        f"{counted(pages, 'page')}, each token used once and in order, up to the page without one",
        [row(call, "page") for call in calls],
        pages=pages,
    )


def _steps(walks: dict[str, _Walk], calls: Iterable[Entry]) -> Iterator[Finding | None]:
    """Follow each list page by page; yield the breach of each page that was not the next one."""
    for call in calls:
        walk = walks.setdefault(list_key(call), _Walk())
        if not call.is_success:
            walk.troubled = True
            continue
        others = {token for other in walks.values() for token in other.tokens}
        yield _step(walk, call, others)


def page_tokens_come_from_the_same_list(view: CaseView) -> Finding:
    """Hold when every page token was sent as received, with the profile and filters of its list.

    The journal leaves out long replies; a token that such a page may have had is not judged.
    """
    unread: set[tuple[str, str]] = set()
    issued: dict[tuple[str, str], set[str]] = {}
    used: list[Entry] = []
    wrong: list[Entry] = []
    for call in _pages(view):
        token, question = call.request.get(TOKEN), (call.operation, list_key(call))
        if token:
            used.append(call)
            is_known = question in unread or str(token) in issued.get(question, ())
            wrong += [] if is_known else [call]
        if call.is_success and _page_of(call) is None:
            unread.add(question)
        if next_token(call):
            issued.setdefault(question, set()).add(next_token(call))
    numbers: dict[str, Any] = {"used": len(used), "wrong": len(wrong)}
    if not used:
        return unproven("no list had a second page that was requested")
    if wrong:
        first = wrong[0]
        return broken(
            f"{first.operation} in {first.region} (call {first.seq}) sent a page token that no "
            "page of the same profile and filters had",
            rows(wrong, "token of no page of this list"),
            **numbers,
        )
    return holds(f"{counted(len(used), 'page token')}, each sent as received", **numbers)


def page_tokens_are_used_once(view: CaseView) -> Finding:
    """Hold when no page was read more often with a token than pages had returned that token.

    A page that failed or could not be read may be requested again. The journal leaves out long
    replies; the lists of such pages are not judged.
    """
    issued: Counter[Ticket] = Counter()
    used: Counter[Ticket] = Counter()
    unread: set[tuple[str, str]] = set()
    again: list[Entry] = []
    for call in _pages(view):
        question = (call.operation, list_key(call))
        token = str(call.request.get(TOKEN) or "")
        if token and call.is_success and not call.fault_id:
            used[*question, token] += 1
            again += [call] if used[*question, token] > issued[*question, token] else []
        if call.is_success and call.reply is None:
            unread.add(question)
        if next_token(call):
            issued[*question, next_token(call)] += 1
    again = [each for each in again if _is_issued(each, issued, unread)]
    numbers: dict[str, Any] = {"used": used.total(), "again": len(again)}
    if not used:
        return unproven("no list had a second page that was read")
    if again:
        first = again[0]
        return broken(
            f"{counted(len(again), 'page')} read again: {first.operation} in {first.region} (call "
            f"{first.seq}) used a page token that had been used before",
            rows(again, "token used again"),
            **numbers,
        )
    return holds(f"{counted(used.total(), 'page token')}, each used once", **numbers)


Ticket = tuple[str, str, str]
"""Operation, question and page token."""


def _is_issued(call: Entry, issued: Counter[Ticket], unread: set[tuple[str, str]]) -> bool:
    """Say whether a page returned the token of a call; an altered one is another breach."""
    question = (call.operation, list_key(call))
    return question not in unread and issued[*question, str(call.request.get(TOKEN))] > 0


def lists_are_read_to_the_end(view: CaseView) -> Finding:
    """Hold when the token of every page was used, unless its call failed or the list was reread.

    A list that was read to its last page in another pass counts as read, with larger pages too.
    """
    left: dict[tuple[str, str], dict[str, Entry]] = {}
    ended: set[tuple[str, str]] = set()
    followed: set[tuple[str, str]] = set()
    for call in _pages(view):
        question = (call.operation, list_key(call))
        if call.is_success and not call.request.get(TOKEN):
            left[question] = {}  # a new pass: an earlier one may have looked at a page only
        left.setdefault(question, {}).pop(str(call.request.get(TOKEN)), None)
        if next_token(call):
            left[question][next_token(call)] = call
        elif call.is_success:
            ended.add(question)
            followed |= {question} if call.request.get(TOKEN) else set()
    many = {question for question, pages in left.items() if pages} | followed
    open_ones = [call for question in many - ended for call in left[question].values()]
    numbers: dict[str, Any] = {"lists": len(many), "open": len(open_ones)}
    if not many:
        return unproven("no list had more than one page")
    if open_ones and view.record.ending.timed_out:
        lists = counted(len(open_ones), "list")
        return unproven(f"adsmock stopped the client while it read {lists}", **numbers)
    if open_ones:
        last = open_ones[0]
        return broken(
            f"{counted(len(open_ones), 'list')} not read to the end: the page of {last.operation} "
            f"in {last.region} (call {last.seq}) has a token for the next page that was never used",
            rows(open_ones, "its token was never used"),
            **numbers,
        )
    return holds(f"{counted(len(many), 'list')} read up to the page without a token", **numbers)


def _pages(view: CaseView) -> list[Entry]:
    """Return the calls for pages of lists with a scope, if the journal contains their request."""
    lists = view.of_verb("list")
    return [call for call in lists if isinstance(call.request, dict) and call.profile_id]


def next_token(call: Entry) -> str:
    """Return the token for the next page, empty without one."""
    return str((_page_of(call) or {}).get(TOKEN) or "") if call.is_success else ""


def _page_of(call: Entry) -> dict[str, Any] | None:
    """Return the members of a page: the token alone if it was too long for the journal."""
    if call.next_token is not None:
        return {TOKEN: call.next_token}
    return call.reply if isinstance(call.reply, dict) else None


def _step(walk: _Walk, call: Entry, issued: set[str]) -> Finding | None:
    """Advance by one page; return the breach when the page was not the next one.

    ``issued`` are the tokens that any list had returned.
    """
    token = (call.request or {}).get(TOKEN)
    if token is None and walk.expected and walk.troubled:
        return broken(
            f"call {call.seq} started again at page 1 after {counted(walk.pages, 'page')}, "
            "although it had a token for the next page",
            [row(call, "page 1 again")],
            pages=walk.pages,
        )
    if token is not None and token not in walk.tokens:
        sent = quote([str(token)[:TOKEN_SHOWN]])
        words = f"a token that no page returned, so it was altered: {sent}"
        words += f" instead of {quote([walk.expected[:TOKEN_SHOWN]])}" if walk.expected else ""
        if token in issued:
            words = f"the token of another list, so its profile or filters were changed: {sent}"
        return broken(
            f"call {call.seq} sent {words}", [row(call, "token of no page")], pages=walk.pages
        )
    if token is not None and token != walk.expected:
        return broken(
            f"call {call.seq} did not use the token of the page before",
            [row(call, "token out of order or used twice")],
            pages=walk.pages,
        )
    walk.troubled = bool(call.fault_id) or (walk.troubled and token is not None)
    walk.pages = walk.pages + 1 if token else 1
    walk.longest = max(walk.longest, walk.pages)
    walk.expected = next_token(call) or None
    walk.tokens.update([walk.expected] if walk.expected else [])
    return None


def _is_body(call: Entry) -> bool:
    return call.request is None or isinstance(call.request, dict)


def _ticket(call: Entry) -> tuple[str, str | None]:
    """Return the page that a call requested: a pass that failed there was not cut short."""
    return list_key(call), (call.request or {}).get(TOKEN)


def list_key(call: Entry) -> str:
    """Return what a page belongs to: the profile and the filters."""
    request = call.request if isinstance(call.request, dict) else {}
    body = {key: value for key, value in request.items() if key not in {TOKEN, SIZE}}
    return json.dumps([call.profile_id, body], sort_keys=True)


def pages_are_few(
    view: CaseView, operation: str, entities: int, limit: int, factor: float
) -> Finding:
    """Hold when a list was read to its end, with at most ``factor`` times the calls of full pages.

    A last page has no token for a following one; a page that is too large for the journal counts.
    """
    calls = view.of_operation(operation)
    best = ceil(entities / limit)
    numbers = {"calls": len(calls), "best": best, "factor": factor}
    if not calls:
        return unproven("the list was not read")
    if not any(call.is_success and not _has_next(call) for call in calls):
        last = calls[-1]
        return broken(
            f"the list was not read to its end: its last call was answered {last.status}",
            [row(last, f"got {last.status}")],
            **numbers,
        )
    sentence = (
        f"{counted(entities, 'entity')} in {counted(len(calls), 'call')}; full pages of {limit} "
        f"need {counted(best, 'call')}, and the limit is {factor:g} times as many"
    )
    if len(calls) > factor * best:
        return broken(sentence, rows(calls, "page"), **numbers)
    return holds(sentence, rows(calls, "page"), **numbers)


def expired_token_restarts_once(
    view: CaseView, operation: str, most: int, usual: int = 0
) -> Finding:
    """Hold when a list with an expired token was restarted at most ``most`` times.

    A list with other filters is another list. A restarted list may return the refused token again:
    then sending it once is no repeat.
    ``usual`` is how often the program begins the list again without faults.
    """
    calls = view.of_operation(operation)
    dead = next((call for call in calls if _is_expired(call)), None)
    if dead is None:
        return unproven("no page token was refused")
    later = [call for call in calls if call.seq > dead.seq and list_key(call) == list_key(dead)]
    begun = [call for call in later if _begins(call, later)]
    repeats = _repeats(later, dead)
    numbers = {"restarts": len(begun), "repeats": len(repeats), "most": most + usual}
    evidence = [row(dead, "the token was refused as expired")]
    besides = f" besides the {usual} that it begins without faults" if usual else ""
    if len(begun) > most + usual or repeats:
        return broken(
            f"after the token had expired, the list was restarted {counted(len(begun), 'time')} "
            f"and the expired token sent {counted(len(repeats), 'more time')}; the limit is "
            f"{counted(most, 'restart')}{besides} and no repeat",
            [*evidence, *rows(begun, "page 1 again"), *rows(repeats, "expired token again")],
            **numbers,
        )
    if not begun and not goes_on_elsewhere(view, dead) and not reports_failure(view):
        return unproven("after the token had expired, the list was neither restarted nor reported")
    return holds(
        f"after the token had expired, the list was restarted {counted(len(begun), 'time')}",
        [*evidence, *rows(begun, "page 1 again")],
        **numbers,
    )


def _begins(call: Entry, later: list[Entry]) -> bool:
    """Say whether a page is the first of a pass; a page that is only looked at begins none."""
    token = next_token(call)
    is_left = token and not any((one.request or {}).get(TOKEN) == token for one in later)
    return not (call.request or {}).get(TOKEN) and not is_left


def _repeats(later: list[Entry], dead: Entry) -> list[Entry]:
    """Return the calls with the refused token, unless a page had returned it again since."""
    token, is_issued, found = dead.request[TOKEN], False, []
    for call in later:
        if (call.request or {}).get(TOKEN) == token:
            found += [] if is_issued else [call]
            is_issued = False
        is_issued = is_issued or next_token(call) == token
    return found


def _has_next(call: Entry) -> bool:
    return bool(next_token(call))


def _is_expired(call: Entry) -> bool:
    return call.status == REFUSED and bool((call.request or {}).get(TOKEN))


JUDGES = (
    expired_token_restarts_once,
    lists_are_read_to_the_end,
    page_tokens_are_used_once,
    page_tokens_come_from_the_same_list,
    pages_are_few,
    pages_are_read_in_order,
)
