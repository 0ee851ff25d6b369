"""The answer to a question: judged, looked up, filled, cut to the form that was asked for.

Knows the steps. Must not know any operation by name: what an operation answers is a row of
``adsmock.mockserver.catalog.recommendations``.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.media_versions import version_of
from adsmock.mockserver.catalog.recommendations.index import ADVICE
from adsmock.mockserver.catalog.recommendations.model import Advice, Page
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.recommendations.candidates import STOCKS
from adsmock.mockserver.services.recommendations.question import (
    NOTHING,
    Blanks,
    Question,
    asked_for,
    text_of,
)
from adsmock.mockserver.services.recommendations.subject import account_of, asked, meet, settle
from adsmock.mockserver.services.recommendations.template import fill
from adsmock.mockserver.services.recommendations.validation import given, judge, shown
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs import page_token

_DIGITS = 9
"""The longest size of a page, in digits."""


def advise(context: RequestContext) -> Document:
    """Return what is recommended.

    Raises:
        ApiError: 400, 404 or 422; the question breaks its form or is about what is not there.
    """
    version = version_of(context.operation, context.sent, context.media)
    judge(context, version)
    name = context.operation.id
    advice = ADVICE.get(f"{context.contract.name}.{version.gives}") or ADVICE[name]
    profiles = account_of(context, advice.account) if advice.account else []
    asker = asked_for(context, profiles[0]) if profiles else context
    question = _question(asker, advice, given(context, version))
    if profiles:
        settle(question, profiles)
    else:
        for need in advice.needs:
            meet(need, question)
    asked(question)
    if advice.page is not None:
        _turn(question, advice.page)
    return Document(shown(fill(advice.reply, question), context.contract, version.gives))


def _question(context: RequestContext, advice: Advice, body: Blanks) -> Question:
    scene = ValidationContext(context.sandbox, context.profile, context.now)
    question = Question(context, scene, advice, {**body, **context.parameters}, ())
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
    context, token, size = question.context, question.find(page.token), question.find(page.size)
    if isinstance(size, str) and not (size.isdecimal() and len(size) <= _DIGITS):
        raise question.refused(f"Invalid {page.size}")
    asked = page_token.fingerprint(question.blanks, page.token, page.size)
    name = f"{context.operation.id} {asked}"
    start = page_token.first_row(
        context, token if isinstance(token, str) else None, page.token, name
    )
    count = min(max(_number(size, page.usual), 1), page.most)
    rows = STOCKS[page.of](question)
    question.page = rows[start : start + count]
    places = {"next": start + count if start + count < len(rows) else None}
    places["previous"] = max(0, start - count) if start else None
    question.blanks |= {
        blank: page_token.make_page_token(context, context.contract.name, name, place)
        for blank, place in places.items()
        if place is not None
    }
