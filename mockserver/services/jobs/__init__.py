"""Asynchronous jobs of exports and reports: find, store, and download the file."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("file", "get"): Handler("jobs.job.fetch"),
    ("file", "put"): Handler("assets.uploads.receive", commits=True),
}
