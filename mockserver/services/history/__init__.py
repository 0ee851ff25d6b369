"""Change history of a profile's entities."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("history", "history"): Handler("history.change_history.history"),
}
