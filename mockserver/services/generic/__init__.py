"""Operations that only an OpenAPI document describes: ``answer.answer`` serves all of them.

``document`` reads a file, ``operations`` turns it into contracts, ``schema`` into JSON Schema,
``value_generator`` generates replies, and ``coverage`` counts what is served.
"""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("generic", "answer"): Handler("generic.answer.answer"),
}
