"""Carry the operation out and write its reply.

Knows which service answers which verb of which shape, and which rendering fits what came back.
Must not know any resource by name.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

import orjson

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.outcome import Batch, Document, File, Listing, Result, Single
from adsmock.mockserver.render import multistatus, page
from adsmock.mockserver.services.accounts import profiles
from adsmock.mockserver.services.auth import token
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.coerce import eased
from adsmock.mockserver.services.validation.request_body import Validators
from adsmock.mockserver.services.verbs import by_id, content_version, list_typed
from adsmock.mockserver.services.verbs.archive import archive
from adsmock.mockserver.services.verbs.create import create
from adsmock.mockserver.services.verbs.list_by_body import query
from adsmock.mockserver.services.verbs.list_by_query import browse
from adsmock.mockserver.services.verbs.update import update

Service = Callable[[RequestContext], Result]


class Later:
    """A service whose module is imported at its first call: most runs never need it."""

    __slots__ = ("_module", "_name", "_service")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name
        self._service: Service | None = None

    def __call__(self, context: RequestContext) -> Result:
        """Do the work."""
        return (self._service or self.load())(context)

    def load(self) -> Service:
        """Import the service and return it."""
        module = import_module(f"adsmock.mockserver.services.{self._module}")
        self._service = cast("Service", getattr(module, self._name))
        return self._service


SERVICES: dict[tuple[str, str], Service] = {
    ("keyed", "create"): create,
    ("keyed", "update"): update,
    ("keyed", "archive"): archive,
    ("keyed", "list"): query,
    ("array", "create"): create,
    ("array", "update"): update,
    ("array", "archive"): by_id.archive,
    ("array", "list"): browse,
    ("array", "get"): by_id.get,
    ("split", "create"): create,
    ("split", "update"): update,
    ("split", "archive"): by_id.archive,
    ("split", "list"): list_typed.query,
    ("split", "get"): by_id.get,
    ("versions", "create"): content_version.revise,
    ("versions", "list"): query,
    ("job", "create"): Later("exports.requests", "create"),
    ("job", "get"): Later("exports.requests", "get"),
    ("report", "create"): Later("reporting.requests", "create"),
    ("report", "get"): Later("reporting.requests", "get"),
    ("report", "delete"): Later("reporting.requests", "delete"),
    ("single", "token"): token.grant,
    ("file", "get"): Later("jobs.job", "fetch"),
    ("bare", "list"): profiles.list_profiles,
    ("bare", "get"): profiles.get_profile,
    ("bare", "update"): profiles.update_profiles,
    ("unified", "create"): Later("unified.write", "create"),
    ("unified", "update"): Later("unified.write", "update"),
    ("unified", "archive"): Later("unified.write", "archive"),
    ("unified", "list"): Later("unified.query", "query"),
    ("rules", "create"): Later("budgets.rules", "create"),
    ("rules", "update"): Later("budgets.rules", "update"),
    ("rules", "list"): Later("budgets.rules", "browse"),
    ("rules", "get"): Later("budgets.rules", "get"),
    ("rules", "campaigns"): Later("budgets.associations", "campaigns"),
    ("rules", "associated"): Later("budgets.associations", "associated"),
    ("rules", "associate"): Later("budgets.associations", "associate"),
    ("rules", "disassociate"): Later("budgets.associations", "disassociate"),
    ("rules", "join"): Later("budgets.associations", "join"),
    ("rules", "part"): Later("budgets.associations", "part"),
    ("usage", "get"): Later("budgets.usage", "usage"),
    ("accounts", "list"): Later("accounts.ads_accounts", "list_accounts"),
    ("accounts", "get"): Later("accounts.ads_accounts", "get_account"),
    ("accounts", "create"): Later("accounts.ads_accounts", "register_account"),
    ("accounts", "terms"): Later("accounts.ads_accounts", "create_terms"),
    ("accounts", "consent"): Later("accounts.ads_accounts", "get_terms"),
    ("managers", "list"): Later("accounts.manager_accounts", "list_managers"),
    ("managers", "create"): Later("accounts.manager_accounts", "create_manager"),
    ("managers", "associate"): Later("accounts.manager_accounts", "link_accounts"),
    ("managers", "disassociate"): Later("accounts.manager_accounts", "link_accounts"),
    ("testers", "list"): Later("accounts.accounts_for_testing", "list_accounts"),
    ("testers", "create"): Later("accounts.accounts_for_testing", "request_account"),
    ("products", "search"): Later("products.product_metadata", "search"),
    ("products", "eligibility"): Later("products.product_metadata", "eligibility"),
    ("products", "programs"): Later("products.product_metadata", "programs"),
    ("history", "history"): Later("history.change_history", "history"),
    ("flags", "get"): Later("accounts.feature_flags", "get_flags"),
    ("flags", "update"): Later("accounts.feature_flags", "set_flags"),
    ("generic", "answer"): Later("generic.answer", "answer"),
}
"""Shape of the contract and verb of the operation to the service."""

ALIKE: dict[str, Service] = {"advice": Later("recommendations.answer", "advise")}
"""Shapes whose verbs are all one: rows say what each asks and answers."""

WRITES = frozenset(
    {
        "create", "update", "archive", "delete", "token",
        "associate", "disassociate", "join", "part",
    }
)  # fmt: skip


def dispatch(context: RequestContext, validators: Validators, media: str) -> Reply:
    """Return the operation's reply.

    Raises:
        ApiError: the body or the state refuses the whole call.
    """
    if context.operation.verb == "list":
        context.body = eased(context.body, context.contract.filters)
    context.is_exact = validators.check(context.operation.id, context.body)
    shape, verb = context.contract.shape, context.operation.verb
    result = (ALIKE.get(shape) or SERVICES[shape, verb])(context)
    committed = context.operation.verb in WRITES
    headers = result.headers if isinstance(result, File) else {}
    return Reply(
        context.operation.success,
        _body(context, result),
        _type(result, media),
        headers,
        None,
        committed,
    )


def _body(context: RequestContext, result: Result) -> bytes:
    if isinstance(result, Batch):
        return multistatus.render(
            context.contract,
            result.outcomes,
            wants_entities=context.wants_entities,
            verb=context.operation.verb,
        )
    if isinstance(result, Single):
        return multistatus.row(context.contract, result.outcome)
    if isinstance(result, Listing):
        return page.render(context.contract, result)
    if isinstance(result, Document):
        return orjson.dumps(result.value)
    return result.content


def _type(result: Result, media: str) -> str:
    return (result.media or media) if isinstance(result, Document) else media
