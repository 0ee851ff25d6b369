"""Login with Amazon."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("single", "token"): Handler("auth.token.grant", commits=True),
}
