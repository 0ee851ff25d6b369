"""Locations that Sponsored Display can target."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("locations", "list"): Handler("locations.locations.list_locations"),
}
