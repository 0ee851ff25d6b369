"""Reports: create, poll and delete a job, generate the rows of its file."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("report", "create"): Handler("reporting.requests.create", commits=True),
    ("report", "get"): Handler("reporting.requests.get"),
    ("report", "delete"): Handler("reporting.requests.delete", commits=True),
}
