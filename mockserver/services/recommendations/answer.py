"""The verb of all recommendations: validate the request, find its subject, fill the template.

What an operation recommends is a row of ``adsmock.mockserver.catalog.recommendations``.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.media_versions import version_of
from adsmock.mockserver.catalog.recommendations.index import ADVICE
from adsmock.mockserver.catalog.recommendations.model import Paging, Recommendation
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.recommendations.candidates import SOURCES
from adsmock.mockserver.services.recommendations.question import (
    NOTHING,
    Placeholders,
    Question,
    context_for,
    text_of,
)
from adsmock.mockserver.services.recommendations.subject import (
    account_of,
    check_required_entity,
    requested_asins,
    settle,
)
from adsmock.mockserver.services.recommendations.template import fill
from adsmock.mockserver.services.recommendations.validation import (
    check_request,
    check_unmixed,
    given,
    shown,
)
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from adsmock.mockserver.services.verbs import page_token

_DIGITS = 9
"""Maximum digits of a page size."""


def advise(context: RequestContext) -> Document:
    """Return the recommendations.

    Raises:
        ApiError: 400, 404 or 422; the request is not valid, or an entity in it is unknown.
    """
    version = version_of(context.operation, context.sent, context.media)
    check_request(context, version)
    name = context.operation.id
    advice = ADVICE.get(f"{context.contract.name}.{version.gives}") or ADVICE[name]
    if advice.unmixed:
        check_unmixed(context, advice.unmixed)
    profiles = account_of(context, advice.account) if advice.account else []
    asker = context_for(context, profiles[0]) if profiles else context
    question = _question(asker, advice, given(context, version))
    if profiles:
        settle(question, profiles)
    else:
        for need in advice.needs:
            check_required_entity(need, question)
    requested_asins(question)
    if advice.page is not None:
        _turn(question, advice.page)
    return Document(shown(fill(advice.reply, question), context.contract, version.gives))


def _question(context: RequestContext, advice: Recommendation, body: Placeholders) -> Question:
    validation = ValidationContext(context.sandbox, context.profile, context.now)
    question = Question(context, validation, advice, {**body, **context.parameters}, ())
    found = map(question.find, advice.about)
    about = [text_of(value) for value in found if value is not NOTHING]
    question.seed = (*question.profile_seed, *about, *([validation.today] if advice.daily else ()))
    question.limit = str(fill(advice.limit, question))
    placeholder, default, most = advice.count
    question.count = min(max(_number(question.find(placeholder), default), 0), most)
    return question


def _number(value: Any, default: int) -> int:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else default
    return int(value) if isinstance(value, (int, float)) else default


def _turn(question: Question, page: Paging) -> None:
    """Cut the candidates to a page, and add the tokens of the neighboring pages.

    Raises:
        ApiError: the token or the page size is not valid.
    """
    context, token, size = question.context, question.find(page.token), question.find(page.size)
    if isinstance(size, str) and not (size.isdecimal() and len(size) <= _DIGITS):
        raise question.refused(f"Invalid {page.size}")
    query = page_token.fingerprint(question.placeholders, page.token, page.size)
    name = f"{context.operation.id} {query}"
    start = page_token.first_row(
        context, token if isinstance(token, str) else None, page.token, name
    )
    count = min(max(_number(size, page.default), 1), page.most)
    rows = SOURCES[page.of](question)
    question.page = rows[start : start + count]
    places = {"next": start + count if start + count < len(rows) else None}
    places["previous"] = max(0, start - count) if start else None
    question.placeholders |= {
        placeholder: page_token.make_page_token(context, context.contract.name, name, place)
        for placeholder, place in places.items()
        if place is not None
    }
