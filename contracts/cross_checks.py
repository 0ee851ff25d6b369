"""Checks of the contract files that need more than one record.

They look for names that are not defined: sources, quota classes, dialects, kinds of refusal, item
errors, members that filters and rules compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.model import Contract, Field
from adsmock.contracts.suggest import did_you_mean


class ContractError(Exception):
    """A contract file is invalid; the text is ``file#pointer: reason``."""

    def __init__(self, file: str, pointer: str, reason: str) -> None:
        super().__init__(f"{file}#{pointer}: {reason}")
        self.file = file
        self.pointer = pointer
        self.reason = reason


def check(files: dict[str, Any], contract_set: ContractSet) -> None:
    """Check that every name that one record uses is defined by another.

    Raises:
        ContractError: a name is unknown or defined twice.
    """
    for name, value in files.items():
        check_sources(name, value)
    _check_tables(files, contract_set)
    places = {value["name"]: name for name, value in files.items() if "/" in name}
    seen: dict[str, str] = {}
    for contract in contract_set.by_name.values():
        file = places[contract.name]
        _check_operations(file, contract, contract_set, seen)
        _check_item_errors(file, contract, contract_set)
        _check_members(file, contract, contract_set)
        _check_texts(file, contract)


def _require(ok: object, file: str, pointer: str, reason: str) -> None:
    if not ok:
        raise ContractError(file, pointer, reason)


def _uses(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield every use of a source as (pointer, key)."""
    members = enumerate(value) if isinstance(value, list) else value.items()
    for key, item in members:
        here = f"{pointer}/{key}"
        if key == "by" or str(key).endswith("_by"):
            for use in item.values() if isinstance(item, dict) else [item]:
                yield here, use
        elif key != "sources" and isinstance(item, (dict, list)):
            yield from _uses(item, here)


def check_sources(file: str, value: dict[str, Any]) -> None:
    """Check that a file describes every source that it names, and no other.

    Raises:
        ContractError: a source is unknown or unused.
    """
    unused = set(value["sources"])
    for pointer, key in _uses(value):
        if key not in value["sources"]:
            hint = did_you_mean(key, value["sources"])
            raise ContractError(file, pointer, f"unknown source {key}; {hint}")
        unused.discard(key)
    _require(not unused, file, "/sources", f"unused sources: {', '.join(sorted(unused))}")


def _check_tables(files: dict[str, Any], contract_set: ContractSet) -> None:
    for row in contract_set.marketplaces.values():
        _require(
            row.region in contract_set.regions,
            "marketplaces.json",
            f"/{row.country}/region",
            f"unknown region {row.region}",
        )
    for dialect in contract_set.dialects.values():
        pointer = f"/dialects/{dialect.name}"
        for kind, target in dialect.via.items():
            where = f"{pointer}/via/{kind}"
            known = target in contract_set.dialects
            _require(known, "dialects.json", where, f"unknown dialect {target}")
            again = kind in contract_set.dialects[target].via
            _require(not again, "dialects.json", where, f"{target} passes {kind} on again")
        for kind in [*dialect.codes, *dialect.messages, *dialect.bodies, *dialect.via]:
            _require(kind in contract_set.kinds, "dialects.json", pointer, f"unknown kind {kind}")
    _check_calendar(contract_set)
    _require(
        contract_set.lwa.dialect in contract_set.dialects,
        "lwa.json",
        "/lwa/dialect",
        f"unknown dialect {contract_set.lwa.dialect}",
    )
    _require(
        contract_set.gateway.default in contract_set.gateway.sets,
        "gateway.json",
        "/gateway/default",
        f"unknown header set {contract_set.gateway.default}",
    )
    _check_error_table(files["item_errors.json"])


def _check_calendar(contract_set: ContractSet) -> None:
    for index, gone in enumerate(contract_set.deprecations):
        pointer = f"/deprecations/{index}"
        if gone.paths:
            _require(
                gone.dialect in contract_set.dialects,
                "deprecations.json",
                pointer,
                f"unknown dialect {gone.dialect}",
            )
            _require(
                contract_set.kinds.get(gone.kind) == gone.status,
                "deprecations.json",
                pointer,
                f"kind {gone.kind} is not answered with {gone.status}",
            )


def _check_error_table(file: dict[str, Any]) -> None:
    for index, row in enumerate(file["errors"]):
        pointer = f"/errors/{index}"
        for member in row.get("members", []):
            _require(
                member in file["members"],
                "item_errors.json",
                pointer,
                f"unknown member {member}",
            )
        for reason in row.get("messages", {}):
            _require(
                reason in row["reasons"],
                "item_errors.json",
                pointer,
                f"unknown reason {reason}",
            )


def _check_operations(
    file: str, contract: Contract, contract_set: ContractSet, seen: dict[str, str]
) -> None:
    _check_wording(file, contract, contract_set)
    for index, row in enumerate(contract.operations):
        pointer = f"/operations/{index}"
        _require(row.id not in seen, file, f"{pointer}/id", f"{row.id} is already taken")
        route = f"{row.method} {row.path} {row.product}".rstrip()
        _require(route not in seen, file, pointer, f"{route} is already taken")
        seen[row.id] = seen[route] = file
        _require(
            row.id.startswith(f"{contract.name}.") and row.id.endswith(f".{row.verb}"),
            file,
            f"{pointer}/id",
            f"{row.id} is not {contract.name}….{row.verb}",
        )
        _require(
            row.quota in contract_set.quotas,
            file,
            f"{pointer}/quota",
            f"unknown quota class {row.quota}",
        )
        _require(
            row.success in row.statuses, file, f"{pointer}/statuses", f"{row.success} is missing"
        )
        first = row.versions[0] if row.versions else None
        _require(
            first is None or (first.reply, first.gives) == (row.reply, row.gives),
            file,
            f"{pointer}/versions",
            "the operation's own reply is not that of its first version",
        )
        kinds = contract.extra.get("kinds", {})
        _require(
            not row.kind or row.kind in kinds,
            file,
            f"{pointer}/kind",
            f"unknown kind {row.kind}",
        )


def _check_wording(file: str, contract: Contract, contract_set: ContractSet) -> None:
    """Check the names of dialects and header sets."""
    for name in {contract.dialect, *(row.dialect for row in contract.operations if row.dialect)}:
        _require(name in contract_set.dialects, file, "/dialect", f"unknown dialect {name}")
    for name in {contract.headers, *(row.headers for row in contract.operations)} - {""}:
        known = name in contract_set.gateway.sets
        _require(known, file, "/headers", f"unknown header set {name}")


def _check_item_errors(file: str, contract: Contract, contract_set: ContractSet) -> None:
    for name in (*contract.selectors, *contract.list_selectors):
        _require(name in contract_set.item_errors, file, "/selectors", f"unknown item error {name}")
    limits = {key for row in contract_set.marketplaces.values() for key in row.limits}
    for index, rule in enumerate(contract.rules):
        pointer = f"/rules/{index}"
        _require(
            rule.error in contract.selectors,
            file,
            f"{pointer}/error",
            f"{rule.error} is not a selector of this contract",
        )
        _require(
            contract.item_codes or rule.reason in contract_set.item_errors[rule.error].reasons,
            file,
            f"{pointer}/reason",
            f"{rule.error} has no reason {rule.reason}",
        )
        _require(
            rule.limit is None or rule.limit in limits,
            file,
            f"{pointer}/limit",
            f"no marketplace has a limit {rule.limit}",
        )
        for path in (*rule.field.split(","), *rule.when):
            _require(
                _find(contract.fields, path),
                file,
                f"{pointer}/field",
                f"unknown member {path}",
            )


def _check_members(file: str, contract: Contract, contract_set: ContractSet) -> None:
    if contract.identity:
        _require(
            _find(contract.fields, contract.identity.field),
            file,
            "/identity/field",
            f"unknown member {contract.identity.field}",
        )
        names = {row.name for row in contract.filters}
        _require(
            not contract.identity.selector or contract.identity.selector in names,
            file,
            "/identity/selector",
            f"unknown filter {contract.identity.selector}",
        )
    for member in contract.named_members:
        _require(_find(contract.fields, member), file, "/named_members", f"unknown member {member}")
    for index, row in enumerate(contract.filters):
        _require(
            not row.field or _compares(contract, row.field, contract_set),
            file,
            f"/filters/{index}/field",
            f"unknown member {row.field}",
        )


def _check_texts(file: str, contract: Contract) -> None:
    """Check that every text of a family has a source."""
    extra = contract.extra
    texts, sources = set(extra.get("texts", {})), set(extra.get("texts_by", {}))
    differing = sorted(texts ^ sources)
    _require(not differing, file, "/extra/texts_by", f"differs from texts: {differing}")


def _compares(contract: Contract, path: str, contract_set: ContractSet) -> bool:
    """Return whether a filter's path names a member, here or on the parent in the path."""
    if not path.startswith("^"):
        return all(_find(contract.fields, each) for each in path.split(","))
    parent_id, _, rest = path[1:].partition(".")
    parents = [
        each
        for each in contract_set.by_name.values()
        if each.family == contract.family and each.identity and each.identity.field == parent_id
    ]
    return _find(contract.fields, parent_id) and any(
        _find(parent.fields, rest) for parent in parents
    )


def _find(fields: Iterable[Field], path: str) -> bool:
    name, _, rest = path.partition(".")
    for row in fields:
        if row.name == name:
            while row.items is not None:
                row = row.items  # noqa: PLW2901 -- a dotted path passes through arrays
            return not rest or _find(row.fields, rest)
    return False
