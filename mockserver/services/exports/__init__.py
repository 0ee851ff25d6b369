"""Exports: create and poll a job, write the records of its file."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("job", "create"): Handler("exports.requests.create", commits=True),
    ("job", "get"): Handler("exports.requests.get"),
}
