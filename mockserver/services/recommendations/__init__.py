"""Recommendations: one verb fills a template from the request, the state and seeded candidates."""

from adsmock.mockserver.services.handler import ANY_VERB, Handler, Handlers

HANDLERS: Handlers = {
    ("advice", ANY_VERB): Handler("recommendations.answer.advise"),
}
