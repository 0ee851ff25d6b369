"""Reports: create, poll and delete a job, generate the rows of its file.

``hourly.hourly_cells`` gives other rooms the same numbers hour by hour, with their corrections;
``due_changes.DueChanges`` gives the changes of a period.
"""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("report", "create"): Handler("reporting.requests.create", commits=True),
    ("report", "get"): Handler("reporting.requests.get"),
    ("report", "delete"): Handler("reporting.requests.delete", commits=True),
    ("fieldReport", "create"): Handler("reporting.by_field.requests.create", commits=True),
    ("fieldReport", "retrieve"): Handler("reporting.by_field.requests.retrieve"),
    ("fieldReport", "delete"): Handler("reporting.by_field.requests.delete", commits=True),
}
