"""Asynchronous jobs: what exports and reports share."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("file", "get"): Handler("jobs.job.fetch"),
}
