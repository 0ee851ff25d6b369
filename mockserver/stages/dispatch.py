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
from adsmock.mockserver.services import account, one, token, typed, version
from adsmock.mockserver.services.archive import archive
from adsmock.mockserver.services.body import Validators
from adsmock.mockserver.services.browse import browse
from adsmock.mockserver.services.create import create
from adsmock.mockserver.services.ease import eased
from adsmock.mockserver.services.query import query
from adsmock.mockserver.services.update import update
from adsmock.mockserver.services.work import Work

Service = Callable[[Work], Result]


class Later:
    """A service whose module is imported at its first call: most runs never need it."""

    __slots__ = ("_module", "_name", "_service")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name
        self._service: Service | None = None

    def __call__(self, work: Work) -> Result:
        """Do the work."""
        return (self._service or self.load())(work)

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
    ("array", "archive"): one.archive,
    ("array", "list"): browse,
    ("array", "get"): one.get,
    ("split", "create"): create,
    ("split", "update"): update,
    ("split", "archive"): one.archive,
    ("split", "list"): typed.query,
    ("split", "get"): one.get,
    ("versions", "create"): version.revise,
    ("versions", "list"): query,
    ("job", "create"): Later("export", "create"),
    ("job", "get"): Later("export", "get"),
    ("report", "create"): Later("report", "create"),
    ("report", "get"): Later("report", "get"),
    ("report", "delete"): Later("report", "delete"),
    ("single", "token"): token.grant,
    ("file", "get"): Later("job", "fetch"),
    ("bare", "list"): account.list_profiles,
    ("bare", "get"): account.get_profile,
    ("bare", "update"): account.update_profiles,
    ("unified", "create"): Later("unified.write", "create"),
    ("unified", "update"): Later("unified.write", "update"),
    ("unified", "archive"): Later("unified.write", "archive"),
    ("unified", "list"): Later("unified.query", "query"),
    ("rules", "create"): Later("budget.rule", "create"),
    ("rules", "update"): Later("budget.rule", "update"),
    ("rules", "list"): Later("budget.rule", "browse"),
    ("rules", "get"): Later("budget.rule", "get"),
    ("rules", "campaigns"): Later("budget.link", "campaigns"),
    ("rules", "associated"): Later("budget.link", "associated"),
    ("rules", "associate"): Later("budget.link", "associate"),
    ("rules", "disassociate"): Later("budget.link", "disassociate"),
    ("rules", "join"): Later("budget.link", "join"),
    ("rules", "part"): Later("budget.link", "part"),
    ("usage", "get"): Later("budget.usage", "usage"),
    ("accounts", "list"): Later("accounts", "list_accounts"),
    ("accounts", "get"): Later("accounts", "get_account"),
    ("accounts", "create"): Later("accounts", "register"),
    ("accounts", "terms"): Later("accounts", "make_terms"),
    ("accounts", "consent"): Later("accounts", "get_terms"),
    ("managers", "list"): Later("accounts", "list_managers"),
    ("managers", "create"): Later("accounts", "make_manager"),
    ("managers", "associate"): Later("accounts", "link_accounts"),
    ("managers", "disassociate"): Later("accounts", "link_accounts"),
    ("testers", "list"): Later("accounts", "list_testers"),
    ("testers", "create"): Later("accounts", "make_tester"),
    ("products", "search"): Later("products", "search"),
    ("products", "eligibility"): Later("products", "eligibility"),
    ("products", "programs"): Later("products", "programs"),
    ("history", "history"): Later("history", "history"),
    ("flags", "get"): Later("accounts", "get_flags"),
    ("flags", "update"): Later("accounts", "set_flags"),
    ("generic", "answer"): Later("generic.answer", "answer"),
}
"""Shape of the contract and verb of the operation to the service."""

ALIKE: dict[str, Service] = {"advice": Later("advice.answer", "advise")}
"""Shapes whose verbs are all one: rows say what each asks and answers."""

WRITES = frozenset(
    {
        "create", "update", "archive", "delete", "token",
        "associate", "disassociate", "join", "part",
    }
)  # fmt: skip


def dispatch(work: Work, validators: Validators, media: str) -> Reply:
    """Return the operation's reply.

    Raises:
        ApiError: the body or the state refuses the whole call.
    """
    if work.operation.verb == "list":
        work.body = eased(work.body, work.contract.filters)
    work.is_exact = validators.check(work.operation.id, work.body)
    shape, verb = work.contract.shape, work.operation.verb
    result = (ALIKE.get(shape) or SERVICES[shape, verb])(work)
    committed = work.operation.verb in WRITES
    headers = result.headers if isinstance(result, File) else {}
    return Reply(
        work.operation.success, _body(work, result), _type(result, media), headers, None, committed
    )


def _body(work: Work, result: Result) -> bytes:
    if isinstance(result, Batch):
        return multistatus.render(
            work.contract,
            result.outcomes,
            wants_entities=work.wants_entities,
            verb=work.operation.verb,
        )
    if isinstance(result, Single):
        return multistatus.row(work.contract, result.outcome)
    if isinstance(result, Listing):
        return page.render(work.contract, result)
    if isinstance(result, Document):
        return orjson.dumps(result.value)
    return result.content


def _type(result: Result, media: str) -> str:
    return (result.media or media) if isinstance(result, Document) else media
