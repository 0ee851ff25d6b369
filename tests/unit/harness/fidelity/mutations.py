"""Forty ways in which a service could differ from the mock, each with its ledger row."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from adsmock.harness.client.transport import Reply, Request, Transport

Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Mutation:
    """One change of every reply to a method and a path."""

    name: str
    path: str
    aspect: str
    fact: str
    body: Change | None = None
    status: tuple[int, int] | None = None
    headers: Callable[[dict[str, str]], dict[str, str]] | None = None
    sent: str = ""
    """Only for requests whose body contains this text."""
    bare: str = ""
    """Only for requests without this header."""


class MutatedTransport:
    """A transport that repeats recorded replies and changes some of them."""

    def __init__(self, recorded: dict[Any, list[Reply]], mutation: Mutation | None) -> None:
        self._rest = {key: list(replies) for key, replies in recorded.items()}
        self._mutation = mutation
        self.changed = 0

    def send(self, request: Request) -> Reply:
        replies = self._rest.get(key_of(request), [Reply(404, {}, b"{}")])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return self._mutated(request, reply) if self._mutation else reply

    def _mutated(self, request: Request, reply: Reply) -> Reply:
        one = self._mutation
        path = request.url.partition("?")[0].removeprefix("http://localhost/na")
        sent = (request.body or b"").decode()
        is_bare = not one.bare or one.bare not in request.headers
        if path != one.path and not path.startswith(one.path + "/"):
            return reply
        if one.sent not in sent or not is_bare:
            return reply
        before = reply
        if one.status and reply.status == one.status[0]:
            reply = replace(reply, status=one.status[1])
        if one.headers:
            reply = replace(reply, headers=one.headers(dict(reply.headers)))
        if one.body:
            body = one.body(json.loads(reply.body))
            reply = replace(reply, body=json.dumps(body).encode())
        self.changed += reply != before
        return reply


class Recorder:
    """A transport that keeps what another one answers."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.recorded: dict[Any, list[Reply]] = {}

    def send(self, request: Request) -> Reply:
        reply = self._inner.send(request)
        self.recorded.setdefault(key_of(request), []).append(reply)
        return reply


def key_of(request: Request) -> Any:
    return request.method, request.url, request.body, tuple(sorted(request.headers.items()))


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON value, the outer ones first."""
    if isinstance(value, dict):
        yield value
        for each in list(value.values()):
            yield from walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each)


def rename(old: str, new: str) -> Change:
    def change(body: Any) -> Any:
        for each in walk(body):
            if old in each:
                each[new] = each.pop(old)
        return body

    return change


def remove(name: str) -> Change:
    def change(body: Any) -> Any:
        for each in walk(body):
            each.pop(name, None)
        return body

    return change


def put(name: str, value: Any, next_to: str) -> Change:
    """Add a member to every object that has the member ``next_to``."""

    def change(body: Any) -> Any:
        for each in walk(body):
            if next_to in each:
                each[name] = value
        return body

    return change


def convert(name: str, how: Callable[[Any], Any]) -> Change:
    def change(body: Any) -> Any:
        for each in walk(body):
            if name in each:
                each[name] = how(each[name])
        return body

    return change


def rows(key: str, how: Callable[[list[Any]], list[Any]]) -> Change:
    def change(body: Any) -> Any:
        if key in body:
            body[key] = how(body[key])
        return body

    return change


def text_for_error(old: str, new: str) -> Change:
    return lambda body: json.loads(json.dumps(body).replace(old, new))


def media(kind: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda headers: headers | {"content-type": kind}


def without(name: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda headers: {key: each for key, each in headers.items() if key != name}


SP, V1, GROUPS = "/sp/campaigns/list", "/adsApi/v1/query/campaigns", "/sp/adGroups/list"
FIELDS = "sp.campaigns.fields."
KINDS = "dialects.dialects."
TOKEN = "Authorization"
SCOPE = "Amazon-Advertising-API-Scope"

MUTATIONS = (
    Mutation("renamed", SP, "member-missing", FIELDS + "name", rename("name", "campaignName")),
    Mutation("renamed-id", SP, "member-missing", FIELDS + "campaignId", rename("campaignId", "id")),
    Mutation("removed", SP, "member-missing", FIELDS + "startDate", remove("startDate")),
    Mutation(
        "added",
        SP,
        "member-added",
        "sp.campaigns.operations.sp.campaigns.list",
        put("regionalCampaignId", "1", "targetingType"),
    ),
    Mutation(
        "added-below", SP, "member-added", FIELDS + "budget", put("currency", "USD", "budgetType")
    ),
    Mutation(
        "always-present",
        SP,
        "member-added",
        FIELDS + "endDate",
        put("endDate", None, "targetingType"),
    ),
    Mutation("id-as-number", SP, "type", FIELDS + "campaignId", convert("campaignId", int)),
    Mutation(
        "number-as-text",
        SP,
        "type",
        FIELDS + "budget.fields.budget",
        convert("budget", lambda each: str(each) if isinstance(each, float) else each),
    ),
    Mutation("null", SP, "nullability", FIELDS + "name", convert("name", lambda _: None)),
    Mutation("enum-value", SP, "enum", FIELDS + "state", convert("state", lambda _: "SLEEPING")),
    Mutation(
        "enum-case", SP, "enum", FIELDS + "targetingType", convert("targetingType", str.lower)
    ),
    Mutation(
        "date-form",
        SP,
        "format",
        FIELDS + "startDate",
        convert("startDate", lambda each: each.replace("-", "")),
    ),
    Mutation(
        "serving-status",
        SP,
        "enum",
        "sp.campaigns.extended.servingStatus",
        convert("servingStatus", lambda _: "ACTIVE"),
    ),
    Mutation(
        "extended-renamed",
        SP,
        "member-added",
        "sp.campaigns.operations.sp.campaigns.list",
        rename("extendedData", "extended"),
    ),
    Mutation(
        "extended-time",
        SP,
        "type",
        "sp.campaigns.extended.creationDateTime",
        convert("creationDateTime", lambda _: 1_795_780_800),
    ),
    Mutation("total-missing", SP, "member-missing", "sp.campaigns.page", remove("totalResults")),
    Mutation("total-as-text", SP, "type", "sp.campaigns.page", convert("totalResults", str)),
    Mutation("no-token", SP, "paging", "sp.campaigns.page", remove("nextToken")),
    Mutation(
        "page-too-long",
        SP,
        "paging",
        "sp.campaigns.page",
        rows("campaigns", lambda each: each * 4),
        sent='"maxResults":3',
    ),
    Mutation(
        "order",
        SP,
        "order",
        "sp.campaigns.page",
        rows("campaigns", lambda each: each[::-1]),
        sent='"maxResults":50}',
    ),
    Mutation(
        "other-entity",
        SP,
        "reference",
        FIELDS + "campaignId",
        convert("campaignId", lambda _: "999999999999999"),
        sent="campaignIdFilter",
    ),
    Mutation(
        "status", SP, "status", "sp.campaigns.operations.sp.campaigns.list", status=(200, 202)
    ),
    Mutation(
        "media-type",
        SP,
        "media-type",
        "sp.campaigns.operations.sp.campaigns.list",
        headers=media("text/plain"),
    ),
    Mutation(
        "request-id",
        SP,
        "header",
        "sp.campaigns.operations.sp.campaigns.list",
        headers=without("x-amzn-requestid"),
    ),
    Mutation(
        "foreign-parent",
        GROUPS,
        "reference",
        "sp.adGroups.fields.campaignId",
        convert("campaignId", lambda _: "999999999999999"),
        sent="campaignIdFilter",
    ),
    Mutation(
        "profile-id-as-text",
        "/v2/profiles",
        "type",
        "profiles.fields.profileId",
        convert("profileId", str),
    ),
    Mutation(
        "account-type",
        "/v2/profiles",
        "enum",
        "profiles.fields.accountInfo.fields.type",
        convert("type", lambda _: "author"),
    ),
    Mutation(
        "unified-member",
        V1,
        "member-missing",
        "v1.sp.campaigns.fields.budgets",
        rename("budgets", "budget"),
    ),
    Mutation(
        "unified-state",
        V1,
        "enum",
        "v1.sp.campaigns.fields.state",
        convert("state", lambda _: "ON"),
    ),
    Mutation(
        "export-status",
        "/campaigns/export",
        "status",
        "exports.operations.exports.campaigns.create",
        status=(202, 200),
    ),
    Mutation(
        "export-state",
        "/exports",
        "enum",
        "exports.fields.status",
        convert("status", lambda each: "DONE" if each == "COMPLETED" else each),
    ),
    Mutation(
        "report-state",
        "/reporting/reports",
        "job-state",
        "reporting.fields.status",
        convert("status", lambda each: "PROCESSING" if each == "PENDING" else each),
    ),
    Mutation(
        "report-member",
        "/reporting/reports",
        "member-missing",
        "reporting.fields.reportId",
        rename("reportId", "id"),
        sent="spCampaigns",
    ),
    Mutation(
        "unauthorized-status",
        SP,
        "status",
        KINDS + "sp.kinds.unauthorized",
        status=(401, 403),
        bare=TOKEN,
    ),
    Mutation(
        "unauthorized-code",
        SP,
        "error-code",
        KINDS + "sp.kinds.unauthorized",
        text_for_error("UNAUTHORIZED", "401"),
        bare=TOKEN,
    ),
    Mutation(
        "scope-text",
        SP,
        "error-text",
        KINDS + "details.kinds.scopeMissing",
        text_for_error("Scope header is missing", "No scope given"),
        bare=SCOPE,
    ),
    Mutation(
        "error-form",
        SP,
        "error-form",
        KINDS + "sp.kinds.invalid",
        rename("message", "details"),
        sent="SLEEPING",
    ),
    Mutation(
        "unsupported-status",
        SP,
        "status",
        KINDS + "gateway.kinds.unsupportedMediaType",
        status=(415, 400),
    ),
    Mutation(
        "constraint-status",
        SP,
        "status",
        KINDS + "sp.kinds.invalid",
        status=(400, 422),
        sent="100000",
    ),
    Mutation(
        "report-refusal",
        "/reporting/reports",
        "error-text",
        KINDS + "reporting",
        text_for_error("must not be empty", "is required"),
        sent='"columns":[]',
    ),
)
