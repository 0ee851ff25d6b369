"""Carry the operation out and write its reply.

Knows which service answers which verb of which shape, and which rendering fits what came back.
Must not know any resource by name.
"""

from __future__ import annotations

from collections.abc import Callable

import orjson

from mockserver.core.call import Reply
from mockserver.core.outcome import Batch, Document, File, Listing, Result, Single
from mockserver.render import multistatus, page
from mockserver.services import (
    account,
    accounts,
    advice,
    export,
    history,
    job,
    one,
    products,
    report,
    token,
    typed,
    version,
)
from mockserver.services.archive import archive
from mockserver.services.body import Validators
from mockserver.services.browse import browse
from mockserver.services.budget import link, rule, usage
from mockserver.services.create import create
from mockserver.services.ease import eased
from mockserver.services.query import query
from mockserver.services.unified import write as unified
from mockserver.services.unified.query import query as find_unified
from mockserver.services.update import update
from mockserver.services.work import Work

Service = Callable[[Work], Result]


def _described(work: Work) -> Result:
    from mockserver.services.generic.answer import answer  # noqa: PLC0415 -- only with documents

    return answer(work)


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
    ("job", "create"): export.create,
    ("job", "get"): export.get,
    ("report", "create"): report.create,
    ("report", "get"): report.get,
    ("report", "delete"): report.delete,
    ("single", "token"): token.grant,
    ("file", "get"): job.fetch,
    ("bare", "list"): account.list_profiles,
    ("bare", "get"): account.get_profile,
    ("bare", "update"): account.update_profiles,
    ("unified", "create"): unified.create,
    ("unified", "update"): unified.update,
    ("unified", "archive"): unified.archive,
    ("unified", "list"): find_unified,
    ("rules", "create"): rule.create,
    ("rules", "update"): rule.update,
    ("rules", "list"): rule.browse,
    ("rules", "get"): rule.get,
    ("rules", "campaigns"): link.campaigns,
    ("rules", "associated"): link.associated,
    ("rules", "associate"): link.associate,
    ("rules", "disassociate"): link.disassociate,
    ("rules", "join"): link.join,
    ("rules", "part"): link.part,
    ("usage", "get"): usage.usage,
    ("accounts", "list"): accounts.list_accounts,
    ("accounts", "get"): accounts.get_account,
    ("accounts", "create"): accounts.register,
    ("accounts", "terms"): accounts.make_terms,
    ("accounts", "consent"): accounts.get_terms,
    ("managers", "list"): accounts.list_managers,
    ("managers", "create"): accounts.make_manager,
    ("managers", "associate"): accounts.link_accounts,
    ("managers", "disassociate"): accounts.link_accounts,
    ("testers", "list"): accounts.list_testers,
    ("testers", "create"): accounts.make_tester,
    ("products", "search"): products.search,
    ("products", "eligibility"): products.eligibility,
    ("advice", "budgets"): advice.budgets,
    ("history", "history"): history.history,
    ("flags", "get"): accounts.get_flags,
    ("flags", "update"): accounts.set_flags,
    ("generic", "answer"): _described,
}
"""Shape of the contract and verb of the operation to the service."""

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
    validators.check(work.operation.id, work.body)
    result = SERVICES[work.contract.shape, work.operation.verb](work)
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
