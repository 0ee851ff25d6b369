"""The answer to a question: judged, looked up, filled, cut to the form that was asked for.

Knows the steps. Must not know any operation by name: what an operation answers is a row of
``adsmock.mockserver.catalog.advice``.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.version import version_of
from adsmock.mockserver.catalog.advice.form import Advice, Page
from adsmock.mockserver.catalog.advice.index import ADVICE
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services import cursor
from adsmock.mockserver.services.advice.fill import fill
from adsmock.mockserver.services.advice.judge import given, judge, shown
from adsmock.mockserver.services.advice.question import (
    NOTHING,
    Blanks,
    Question,
    asked_for,
    text_of,
)
from adsmock.mockserver.services.advice.stock import STOCKS
from adsmock.mockserver.services.advice.subject import account_of, asked, meet, settle
from adsmock.mockserver.services.scene import Scene
from adsmock.mockserver.services.work import Work

_DIGITS = 9
"""The longest size of a page, in digits."""


def advise(work: Work) -> Document:
    """Return what is recommended.

    Raises:
        ApiError: 400, 404 or 422; the question breaks its form or is about what is not there.
    """
    version = version_of(work.operation, work.sent, work.media)
    judge(work, version)
    name = work.operation.id
    advice = ADVICE.get(f"{work.contract.name}.{version.gives}") or ADVICE[name]
    profiles = account_of(work, advice.account) if advice.account else []
    asker = asked_for(work, profiles[0]) if profiles else work
    question = _question(asker, advice, given(work, version))
    if profiles:
        settle(question, profiles)
    else:
        for need in advice.needs:
            meet(need, question)
    asked(question)
    if advice.page is not None:
        _turn(question, advice.page)
    return Document(shown(fill(advice.reply, question), work.contract, version.gives))


def _question(work: Work, advice: Advice, body: Blanks) -> Question:
    scene = Scene(work.sandbox, work.profile, work.now)
    question = Question(work, scene, advice, {**body, **work.parameters}, ())
    found = map(question.find, advice.about)
    about = [text_of(value) for value in found if value is not NOTHING]
    question.seed = (*question.home, *about, *([scene.today] if advice.daily else ()))
    question.limit = str(fill(advice.limit, question))
    blank, usual, most = advice.count
    question.count = min(max(_number(question.find(blank), usual), 0), most)
    return question


def _number(value: Any, usual: int) -> int:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else usual
    return int(value) if isinstance(value, (int, float)) else usual


def _turn(question: Question, page: Page) -> None:
    """Cut the stock, and name the neighbours of what is shown.

    Raises:
        ApiError: the token is none that a page gave, or the size is none.
    """
    work, token, size = question.work, question.find(page.token), question.find(page.size)
    if isinstance(size, str) and not (size.isdecimal() and len(size) <= _DIGITS):
        raise question.refused(f"Invalid {page.size}")
    asked = cursor.fingerprint(question.blanks, page.token, page.size)
    name = f"{work.operation.id} {asked}"
    start = cursor.row_of(work, token if isinstance(token, str) else None, page.token, name)
    count = min(max(_number(size, page.usual), 1), page.most)
    rows = STOCKS[page.of](question)
    question.page = rows[start : start + count]
    places = {"next": start + count if start + count < len(rows) else None}
    places["previous"] = max(0, start - count) if start else None
    question.blanks |= {
        blank: cursor.sealed(work, work.contract.name, name, place)
        for blank, place in places.items()
        if place is not None
    }
