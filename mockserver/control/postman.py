"""The data plane as a Postman collection (2.1), and the environment of a sandbox.

Import both files into Postman: the collection gets its own access token. Bodies have the required
members only; an id is a variable of the environment, or of an earlier reply that you copy there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Contract, Operation, Parameter
from adsmock.contracts.schema import request_bodies
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.marketing_cloud.account import (
    ACCOUNT,
    MARKETPLACE,
    account_id,
    instances_of,
)
from adsmock.mockserver.services.sandboxes.identities import brand_entity_id

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_VARIABLE = re.compile(r"\{([^}]*)\}")
_IS_ID = re.compile(r"Ids?$")
_SCOPE = "Amazon-Advertising-API-Scope"
_ACCOUNT_HEADERS = (_SCOPE, "Amazon-Ads-Account-ID")
"""Headers that name the account; operations of Marketing Stream take either."""

_CLOUD_HEADERS = {ACCOUNT: "{{amcAccountId}}", MARKETPLACE: "{{marketplaceId}}"}
"""Headers that name an account of Marketing Cloud."""
_SENT = {
    "brandEntityId": "{{brandEntityId}}",
    "minCreationTime": "{{today}}T00:00:00",
}
"""Query parameters that are sent though they are optional: some lists are refused without them."""

_TOKEN_SCRIPT = """\
pm.environment.set('today', new Date().toISOString().slice(0, 10));
const until = Number(pm.environment.get('token_until') || 0);
if (Date.now() > until && !pm.request.url.toString().includes('/auth/o2/token')) {
  pm.sendRequest({
    url: pm.environment.get('token_url') + '/auth/o2/token',
    method: 'POST',
    header: {'Content-Type': 'application/x-www-form-urlencoded'},
    body: {mode: 'urlencoded', urlencoded: ['refresh_token', 'client_id', 'client_secret']
      .map((key) => ({key, value: pm.environment.get(key)}))
      .concat([{key: 'grant_type', value: 'refresh_token'}])},
  }, (error, reply) => {
    if (error) throw error;
    pm.environment.set('access_token', reply.json().access_token);
    pm.environment.set('token_until', Date.now() + 3000 * 1000);
  });
}
"""


def collection(contract_set: ContractSet) -> dict[str, Any]:
    """Return the collection: a folder for each family, one for each resource in it."""
    families: dict[str, list[Any]] = {}
    for contract in contract_set.by_name.values():
        requests = [_request(contract, each) for each in contract.operations]
        if requests:
            folder = {"name": contract.title, "item": requests}
            families.setdefault(contract.family, []).append(folder)
    script = {"type": "text/javascript", "exec": _TOKEN_SCRIPT.splitlines()}
    return {
        "info": {"name": "adsmock", "schema": SCHEMA},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{access_token}}"}]},
        "event": [{"listen": "prerequest", "script": script}],
        "item": [{"name": name, "item": rows} for name, rows in sorted(families.items())],
    }


def environment(sandbox: Sandbox, urls: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the environment with the credentials and the first profile of a sandbox."""
    own = sandbox.credentials
    profile = next(iter(sandbox.profiles.values()), None)
    region = profile.region if profile else "NA"
    values = {
        "api_url": urls[region]["ads"],
        "token_url": urls[region]["lwa"],
        "client_id": own.client_id,
        "client_secret": own.client_secret,
        "refresh_token": own.refresh_token,
        "profileId": profile.id if profile else "",
    }
    if profile is not None:
        values |= {
            "amcAccountId": account_id(sandbox, profile),
            "brandEntityId": brand_entity_id(sandbox, profile) or "",
            "marketplaceId": profile.marketplace_id,
            "instanceId": instances_of(sandbox, profile)[0].id,
        }
    rows = [{"key": key, "value": value, "enabled": True} for key, value in values.items()]
    return {
        "name": f"adsmock {sandbox.id}",
        "values": rows,
        "_postman_variable_scope": "environment",
    }


def _request(contract: Contract, operation: Operation) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": operation.method,
        "header": _headers(operation),
        "url": _url(operation),
    }
    if operation.verb == "token":
        keys = ("refresh_token", "client_id", "client_secret")
        form = [{"key": key, "value": f"{{{{{key}}}}}"} for key in keys]
        form.append({"key": "grant_type", "value": "refresh_token"})
        request |= {
            "auth": {"type": "noauth"},
            "body": {"mode": "urlencoded", "urlencoded": form},
        }
    elif operation.request:
        raw = orjson.dumps(_body(contract, operation), option=orjson.OPT_INDENT_2).decode()
        request["body"] = {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    return {"name": operation.id, "request": request, "response": []}


def _url(operation: Operation) -> dict[str, Any]:
    """Return the URL with the variables of its path and its query; optional ones are disabled."""
    host = "{{token_url}}" if operation.verb == "token" else "{{api_url}}"
    path = _VARIABLE.sub(r":\1", operation.path)
    rows = [each for each in operation.parameters if each.place == "query"]
    query = [
        {
            "key": each.name,
            "value": _query(each),
            "disabled": not each.required and each.name not in _SENT,
        }
        for each in rows
    ]
    sent = "&".join(f"{each['key']}={each['value']}" for each in query if not each["disabled"])
    return {
        "raw": host + path + (f"?{sent}" if sent else ""),
        "host": [host],
        "path": path.strip("/").split("/"),
        "variable": [
            {"key": name, "value": f"{{{{{name}}}}}"} for name in _VARIABLE.findall(operation.path)
        ],
        "query": query,
    }


def _headers(operation: Operation) -> list[dict[str, str]]:
    found = {}
    if operation.client:
        found[operation.client_header] = "{{client_id}}"
    listed = {row.name for row in operation.parameters if row.place == "header"}
    for name in _ACCOUNT_HEADERS:
        if name in listed or (operation.scope and name == _SCOPE):
            found[name] = "{{profileId}}"
    found |= {name: value for name, value in _CLOUD_HEADERS.items() if name in listed}
    if operation.request and operation.verb != "token":
        found["Content-Type"] = operation.request
    if operation.reply:
        found["Accept"] = operation.reply
    return [{"key": key, "value": value} for key, value in found.items()]


def _query(parameter: Parameter) -> str:
    if parameter.enum:
        return parameter.enum[0]
    if parameter.name in _SENT:
        return _SENT[parameter.name]
    return "10" if parameter.type.startswith("int") else f"{{{{{parameter.name}}}}}"


def _body(contract: Contract, operation: Operation) -> Any:
    schema = next(iter(request_bodies(contract, operation).values()), None)
    found = _sample(schema or {}, "")
    if isinstance(found, dict) and operation.product:
        found.setdefault("adProductFilter", {"include": [operation.product]})
    return found


def _sample(schema: Mapping[str, Any], name: str) -> Any:
    """Return a value with the required members of a schema."""
    for arm in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        return _sample(arm, name)
    if schema.get("enum"):
        return next(each for each in schema["enum"] if each is not None)
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(each for each in kinds if each != "null")
    if kind == "array":
        count = max(1, schema.get("minItems", 0))
        return [_sample(schema.get("items", {}), name) for _ in range(count)]
    if kind == "object":
        members = schema.get("properties", {})
        return {
            key: _sample(members[key], key) for key in schema.get("required", ()) if key in members
        }
    if kind in {"number", "integer"}:
        return max(1, schema.get("minimum", 1))
    return schema.get("minimum", True) if kind == "boolean" else _text(schema, name)


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") in {"date", "date-time"} or name.endswith("Date"):
        return "{{today}}"
    if _IS_ID.search(name):
        return f"{{{{{name.removesuffix('s')}}}}}"
    return f"Sample {name}".strip()
