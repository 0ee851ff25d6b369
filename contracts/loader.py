"""Reads the contract files, checks each against its meta-schema, and returns the contract set.

Checks that need two files are in ``adsmock.contracts.cross_checks``.
"""

from __future__ import annotations

import dataclasses
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from adsmock.contracts import contract_set, model, validation_cache
from adsmock.contracts.cross_checks import ContractError, check, check_sources
from adsmock.contracts.from_json import from_json

FOLDER = Path(__file__).parent
META = "meta"
PARTS = "parts"
TABLES = "types"
"""Folders of this name hold large tables, read on demand: ``contracts.report_tables``."""
FORMS = "forms"
"""Folders of this name hold files of forms, read at the first use of one of them."""

__all__ = [
    "ContractError",
    "assemble",
    "created_fields",
    "export_filters",
    "form_fields",
    "load",
    "load_folder",
    "read",
    "record_fields",
    "validate",
]


@cache
def load() -> contract_set.ContractSet:
    """Return the installed contract files; the same object every time.

    Raises:
        ContractError: a file breaks its meta-schema or refers to something unknown.
    """
    return load_folder(FOLDER)


def load_folder(folder: Path) -> contract_set.ContractSet:
    """Return the contract files under ``folder``.

    Files that passed the checks before are not checked again: ``contracts.validation_cache``.

    Raises:
        ContractError: a file breaks its meta-schema or refers to something unknown.
    """
    raw = _raw(folder)
    files = _parsed(raw)
    checks = [*FOLDER.glob("*.py"), *(FOLDER / META).glob("*.json")]
    digest = validation_cache.digest(raw, checks, Path(jsonschema_rs.__file__))
    if validation_cache.is_cached(digest):
        return _contract_set(files, _contracts(files))
    checked = assemble(files)
    validation_cache.remember(digest)
    return checked


def read(folder: Path) -> dict[str, Any]:
    """Return the parsed contract files under ``folder`` by path.

    Meta-schemas and the tables that are read on demand are not among them.

    Raises:
        ContractError: a file is not JSON.
    """
    return _parsed(_raw(folder))


def _raw(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(f"{META}/") and path.parent.name not in {TABLES, FORMS}:
            files[name] = path.read_bytes()
    return files


def _parsed(raw: dict[str, bytes]) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for name, text in raw.items():
        try:
            files[name] = json.loads(text)
        except ValueError as error:
            raise ContractError(name, "", f"not JSON: {error}") from None
    return files


def assemble(files: dict[str, Any]) -> contract_set.ContractSet:
    """Return the contract set of parsed files, each checked against its meta-schema.

    Args:
        files: parsed JSON by relative path. A path with a folder is a contract, one without
            is a shared table.

    Raises:
        ContractError: names the file, the JSON pointer and the reason.
    """
    for name, value in files.items():
        validate(name, "", _meta_name(name), value)
        if "extra" in value:
            validate(name, "/extra", f"{value['family']}.extra", value["extra"])
    assembled = _contract_set(files, _contracts(files))
    check(files, assembled)
    return assembled


def _contracts(files: dict[str, Any]) -> dict[str, model.Contract]:
    contracts: dict[str, model.Contract] = {}
    codes = {row["name"]: row.get("items", {}) for row in files["dialects.json"]["dialects"]}
    for name, value in files.items():
        if "/" in name:
            contract = from_json(
                model.Contract, value | {"item_codes": codes.get(value["dialect"], {})}
            )
            if contract.name in contracts:
                raise ContractError(
                    name, "/name", f"{contract.name} is already taken; choose another name"
                )
            contracts[contract.name] = contract
    return contracts


def form_fields(contract: model.Contract, name: str) -> tuple[model.Field, ...]:
    """Return the members of a form, with the members of the forms that it names."""
    forms = _forms_in(contract.forms_file) if contract.forms_file else contract.forms
    rows: tuple[model.Field, ...] = from_json(
        tuple[model.Field, ...], _expanded(forms[name], forms)
    )
    return rows


@cache
def _forms_in(name: str) -> dict[str, Any]:
    """Return the forms of a file by name.

    Raises:
        ContractError: the file breaks its meta-schema or names an unknown source.
    """
    value = json.loads((FOLDER / name).read_text("utf-8"))
    validate(name, "", FORMS, value)
    check_sources(name, value)
    forms: dict[str, Any] = value["forms"]
    return forms


def _expanded(value: Any, forms: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_expanded(each, forms) for each in value]
    if not isinstance(value, dict):
        return value
    members = {key: _expanded(each, forms) for key, each in value.items() if key != "form"}
    return (
        {**members, "fields": _expanded(forms[value["form"]], forms)}
        if "form" in value
        else members
    )


def record_fields(contract: model.Contract, kind: str) -> tuple[model.Field, ...]:
    """Return the members of one record of an export file of ``kind``."""
    rows: tuple[model.Field, ...] = from_json(
        tuple[model.Field, ...], contract.extra["kinds"][kind]["record"]
    )
    return rows


def export_filters(contract: model.Contract, kind: str) -> tuple[model.Filter, ...]:
    """Return the members of the body that creates an export of ``kind``."""
    rows: tuple[model.Filter, ...] = from_json(
        tuple[model.Filter, ...], contract.extra["kinds"][kind]["filters"]
    )
    return rows


def created_fields(contract: model.Contract, kind: str) -> tuple[model.Field, ...]:
    """Return the members that an operation of ``kind`` creates; without a kind the contract's.

    The kind's own definition of a member replaces that of the contract.
    """
    if not kind:
        return contract.fields
    rows = from_json(tuple[model.Field, ...], contract.extra["kinds"][kind]["fields"])
    own = {row.name: row for row in rows}
    return tuple(own.get(row.name, row) for row in contract.fields)


def _meta_name(name: str) -> str:
    return "contract" if "/" in name else Path(name).stem


def validate(name: str, base: str, meta: str, value: Any) -> None:
    """Check a value against the meta-schema ``meta``.

    Raises:
        ContractError: names the file, the pointer below ``base`` and the reason.
    """
    validator = _validator(name, meta)
    if validator.is_valid(value):
        return
    errors = sorted(validator.iter_errors(value), key=lambda row: -len(row.instance_path))
    pointer = base + "".join(f"/{step}" for step in errors[0].instance_path)
    raise ContractError(name, pointer, errors[0].message)


def _validator(name: str, meta: str) -> Any:
    try:
        return _compiled(meta)
    except FileNotFoundError:
        raise ContractError(name, "", f"no meta-schema {META}/{meta}.schema.json") from None


@lru_cache(maxsize=64)
def _compiled(meta: str) -> Any:
    schema = _meta_schema(meta)
    parts = _meta_schema(PARTS)
    registry = jsonschema_rs.Registry([(parts["$id"], parts)])
    return jsonschema_rs.validator_for(schema, registry=registry)


@cache
def _meta_schema(meta: str) -> Any:
    return json.loads((FOLDER / META / f"{meta}.schema.json").read_text("utf-8"))


def _contract_set(
    files: dict[str, Any], contracts: dict[str, model.Contract]
) -> contract_set.ContractSet:
    def rows(stem: str, kind: Any, key: str | None = None) -> list[Any]:
        return [from_json(kind, row) for row in files[f"{stem}.json"][key or stem]]

    marketplaces = rows("marketplaces", contract_set.Marketplace)
    return contract_set.ContractSet(
        by_name=contracts,
        operations={row.id: row for contract in contracts.values() for row in contract.operations},
        regions={
            row.id: _with_countries(row, marketplaces)
            for row in rows("regions", contract_set.Region)
        },
        marketplaces={row.country: row for row in marketplaces},
        dialects={row.name: row for row in rows("dialects", contract_set.Dialect)},
        kinds=files["dialects.json"]["kinds"],
        quotas={row.name: row for row in rows("quotas", contract_set.Quota)},
        deprecations=tuple(rows("deprecations", contract_set.Deprecation)),
        item_errors=_item_errors(files["item_errors.json"], contracts),
        lwa=from_json(contract_set.Lwa, files["lwa.json"]["lwa"]),
        gateway=dataclasses.replace(
            from_json(contract_set.Gateway, files["gateway.json"]["gateway"]),
            sets={row.name: row for row in rows("gateway", contract_set.HeaderSet, "sets")},
        ),
    )


def _with_countries(
    region: contract_set.Region, marketplaces: list[contract_set.Marketplace]
) -> contract_set.Region:
    countries = tuple(row.country for row in marketplaces if row.region == region.id)
    return dataclasses.replace(region, marketplaces=countries)


def _item_errors(
    file: dict[str, Any], contracts: dict[str, model.Contract]
) -> dict[str, contract_set.ItemError]:
    errors = {}
    for row in file["errors"]:
        required = row.get("required", [])
        fields = tuple(
            dataclasses.replace(
                from_json(model.Field, file["members"][name]),
                read="required" if name in required else "optional",
            )
            for name in row.get("members", [])
            if name in file["members"]
        )
        rest = {key: row[key] for key in row if key not in ("members", "required")}
        selectors = tuple(
            name for name, contract in contracts.items() if row["name"] in contract.selectors
        )
        built: contract_set.ItemError = from_json(contract_set.ItemError, rest)
        errors[built.name] = dataclasses.replace(built, fields=fields, selectors=selectors)
    return errors
