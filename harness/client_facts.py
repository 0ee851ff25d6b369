"""Write ``client/api.json``: what the client needs of the contracts, so that it runs without them.

``python -m adsmock.harness.client_facts`` writes the file; a test fails when it is out of date.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsmock.contracts import quota_weight, report_tables
from adsmock.contracts.loader import load
from adsmock.harness.client import api
from adsmock.harness.client.natural_key import NATURAL_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adsmock.contracts.contract_set import ContractSet
    from adsmock.contracts.model import Contract, Operation

FILE = Path(api.__file__).with_name("api.json")

JOB_SHAPES = frozenset({"job", "report"})
"""The shapes of contracts with operations that start, show and end jobs."""

BID_LIMIT = "sp.bid"


def facts(contract_set: ContractSet) -> dict[str, Any]:
    """Return everything that the client reads, as JSON values."""
    contracts = contract_set.by_name.values()
    return {
        "token_path": contract_set.lwa.path,
        "export_limit": contract_set.by_name["exports"].extra["cap"],
        "regions": {
            name: _row(region, api.Region) for name, region in contract_set.regions.items()
        },
        "bid_limits": {
            name: {
                "minimum": marketplace.limits[BID_LIMIT].minimum,
                "maximum": marketplace.limits[BID_LIMIT].maximum,
                "currency": marketplace.currency,
            }
            for name, marketplace in contract_set.marketplaces.items()
            if BID_LIMIT in marketplace.limits
        },
        "quotas": {name: _row(quota, api.Quota) for name, quota in contract_set.quotas.items()},
        "deprecations": [
            _row(deprecation, api.Deprecation) for deprecation in contract_set.deprecations
        ],
        "report_types": {
            name: {"ad_product": kind["adProduct"], "days": kind["range"]}
            for name, kind in report_tables.types().items()
        },
        "operations": [
            _operation(contract, row) for contract in contracts for row in contract.operations
        ],
        "contracts": [_contract(contract) for contract in contracts],
    }


def text(document: Mapping[str, Any]) -> str:
    """Return the file: one line for each row, so that a change shows where it is."""
    parts = []
    for name, value in document.items():
        if isinstance(value, dict):
            rows = [f"{json.dumps(key)}: {_line(row)}" for key, row in value.items()]
            written = "{\n" + ",\n".join(rows) + "\n}"
        elif isinstance(value, list):
            written = "[\n" + ",\n".join(map(_line, value)) + "\n]"
        else:
            written = json.dumps(value)
        parts.append(f"{json.dumps(name)}: {written}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(value: Any, kind: type[Any], **more: Any) -> dict[str, Any]:
    """Return the members that a record of the client has, without optional ones that are empty."""
    row: dict[str, Any] = {}
    for each in fields(kind):
        member = more.get(each.name, getattr(value, each.name, None))
        is_required = each.default is MISSING and each.default_factory is MISSING
        is_empty = member is None or member == each.default or member in ("", (), [], {})
        if is_required or not is_empty:
            row[each.name] = member
    return row


def _operation(contract: Contract, operation: Operation) -> dict[str, Any]:
    row = _row(operation, api.Operation)
    row.pop("extended", None)
    names = [parameter.name for parameter in operation.parameters if parameter.place == "path"]
    if names:
        row["path_parameters"] = names
    if contract.shape in JOB_SHAPES and contract.identity:
        row["job_id"] = contract.identity.field
    if operation.extended_weight != operation.weight:
        row["extended"] = {
            "member": quota_weight.EXTENDED,
            "values": quota_weight.EXTENDED_VALUES,
            "weight": operation.extended_weight,
        }
    return row


def _filters(contract: Contract) -> list[dict[str, Any]]:
    """Return the filters that the client uses: by id, state or natural key, and required ones."""
    key = NATURAL_KEYS.get(contract.name)
    names = {contract.identity.selector if contract.identity else "", key.by if key else ""}
    members = {contract.identity.field if contract.identity else "", "state"} - {""}
    return [
        _row(each, api.Filter)
        for each in contract.filters
        if each.required or each.field in members or each.name in names
    ]


def _item_kinds(contract: Contract) -> dict[str, str]:
    """Return the kind of each item error by its code, where a family has codes of its own."""
    kinds: dict[str, str] = {}
    for kind, code in contract.item_codes.items():
        if kind.isalpha():  # neither one of several reasons of a kind, nor the code of all others
            kinds.setdefault(code, kind)
    return kinds


def _contract(contract: Contract) -> dict[str, Any]:
    parts = {"identity": api.Identity, "page": api.Page, "row": api.ReplyRow}
    values = {name: getattr(contract, name) for name in parts}
    return _row(
        contract,
        api.Contract,
        **{name: _row(value, parts[name]) for name, value in values.items() if value},
        filters=_filters(contract),
        item_kinds=_item_kinds(contract),
        id_types={
            field.name: field.type for field in contract.fields if field.type in {"id", "int64"}
        },
        parts={
            field.name: [part.name for part in field.fields if part.update != "absent"]
            for field in contract.fields
            if field.fields
        },
    )


def main() -> None:
    """Write the file."""
    FILE.write_text(text(facts(load())), encoding="utf-8")


if __name__ == "__main__":
    main()
