"""Recommendations: one engine that fills templates from questions, state and seeded stocks."""

from adsmock.mockserver.services.handler import ANY_VERB, Handler, Handlers

HANDLERS: Handlers = {
    ("advice", ANY_VERB): Handler("recommendations.answer.advise"),
}
