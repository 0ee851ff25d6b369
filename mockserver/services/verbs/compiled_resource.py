"""A resource compiled from its contract and catalog entry: checks, normalizers, filters."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.loader import created_fields
from adsmock.contracts.model import Contract, Field
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.catalog.resource import Offspring, Resource
from adsmock.mockserver.services.validation.compile import checks
from adsmock.mockserver.services.validation.normalize import Normalizer, batch_normalizer
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.unique import KeysOf, keys_of
from adsmock.mockserver.services.validation.validation_context import (
    BatchCheck,
    Check,
    Item,
    ValidationContext,
    batch_check_of,
)
from adsmock.mockserver.services.verbs.filters import ListFilter, compile_filters

ACCOUNTS: Final = ("seller", "vendor")
Default = Callable[[ValidationContext], Any]
TODAY: Final = "$today"
"""The default of a contract that means the current date of the profile."""
NOW: Final = "$now"
"""The default of a contract that means the current time, in milliseconds since 1970."""
_PRICED: Final = "$market:"
"""The prefix of a default that depends on the marketplace; the name of the amount follows."""


@dataclass(frozen=True, slots=True)
class CompiledResource:
    """One resource, ready for its verbs.

    Attributes:
        root: JSON path of the items in a body; ``items`` reads them from the body.
        is_text: Ids are strings on the wire.
        words: The wire's word of each state, by the word in capitals.
        normalize_create: Drops unknown members from a list of items; ``normalize_update`` too.
        defaults: Values of members that a create leaves out.
        computed_defaults: Members whose default depends on the date or the country.
        completed: Object members whose default fills in missing members.
        merged: Object members that an update merges instead of replacing.
        hidden: Parent members that no reply shows.
        checks: Checks in their order, by verb and account kind; ``keys`` by account kind.
        batch_checks: Checks of a create with their check of a whole batch, by account kind.
        kinds: The same resource for each kind of create, where there are several.
        extension: The extended members and what each shows.
        offspring: What is created along with an entity, and its resource.
    """

    name: str
    contract: Contract
    resource: Resource
    rule_context: RuleContext
    root: str
    items: Callable[[Any], Any]
    id_field: str
    is_text: bool
    words: dict[str, str]
    normalize_create: Normalizer
    normalize_update: Normalizer
    defaults: dict[str, Any]
    computed_defaults: tuple[tuple[str, Default], ...]
    completed: tuple[str, ...]
    merged: frozenset[str]
    parent_members: tuple[str, ...]
    hidden: tuple[str, ...]
    checks: dict[tuple[str, str], tuple[Check, ...]]
    batch_checks: dict[str, tuple[tuple[Check, BatchCheck | None], ...]]
    keys: dict[str, KeysOf | None]
    filters: dict[str, ListFilter]
    kinds: dict[str, CompiledResource]
    extension: tuple[tuple[str, str], ...] = ()
    offspring: tuple[tuple[Offspring, CompiledResource], ...] = ()

    def checks_of(self, verb: str, account: str) -> tuple[Check, ...]:
        """Return the checks of ``verb``; every account but a vendor counts as a seller."""
        return self.checks[verb, account if account in ACCOUNTS else ACCOUNTS[0]]

    def remaining_checks(
        self, items: list[Item], validation: ValidationContext
    ) -> tuple[Check, ...]:
        """Return the checks of a create that the items need one by one, in order.

        A check that passes for the whole batch at once is left out.
        """
        account = validation.profile.kind
        if self.contract.row is not None:  # items were not validated yet: check them one by one
            return self.checks_of("create", account)
        rows = self.batch_checks[account if account in ACCOUNTS else ACCOUNTS[0]]
        return tuple(
            [check for check, passes in rows if passes is None or not passes(items, validation)]
        )

    def make_keys(self, account: str) -> KeysOf | None:
        """Return the function that makes the unique keys of entities, None without a unique key."""
        return self.keys[account if account in ACCOUNTS else ACCOUNTS[0]]

    def key(self, account: str, whole: Item) -> Hashable:
        """Return the unique key of an entity, None without one."""
        make = self.make_keys(account)
        return None if make is None else make([whole])[0]


class CompiledResources(Mapping[str, CompiledResource]):
    """Every resource of the catalog that has a contract, compiled at its first use."""

    __slots__ = ("_compiled", "_contract_set", "_names")

    def __init__(self, contract_set: ContractSet) -> None:
        self._contract_set = contract_set
        self._names = dict.fromkeys(name for name in CATALOG if name in contract_set.by_name)
        self._compiled: dict[str, CompiledResource] = {}

    def __getitem__(self, name: str) -> CompiledResource:
        """Return a compiled resource.

        Raises:
            KeyError: the catalog or the contracts do not have the resource.
        """
        if name not in self._compiled:
            if name not in self._names:
                raise KeyError(name)
            self._compiled[name] = _compile(name, self._contract_set, self)
        return self._compiled[name]

    def find(self, name: str) -> CompiledResource | None:
        """Return a compiled resource, None for an unknown name."""
        return self._compiled.get(name) or (self[name] if name in self._names else None)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of all resources."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many resources there are."""
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        """Say whether the resource exists, without compiling it."""
        return name in self._names


def _compile(
    name: str, contract_set: ContractSet, resources: CompiledResources
) -> CompiledResource:
    contract, resource = contract_set.by_name[name], CATALOG[name]
    assert contract.identity is not None
    offspring = tuple((row, resources[row.resource]) for row in resource.offspring)
    rule_context = RuleContext(
        contract, resource, contract_set.marketplaces, contract_set.item_errors
    )
    defaults = _defaults(contract.fields)
    checks_by_verb = _checks(rule_context, contract_set.by_name)
    compiled = CompiledResource(
        name=name,
        contract=contract,
        resource=resource,
        rule_context=rule_context,
        root=rule_context.root,
        items=_items_reader(contract),
        id_field=contract.identity.field,
        is_text=contract.identity.type == "id",
        words=_words(contract),
        normalize_create=batch_normalizer(contract.fields, "create"),
        normalize_update=batch_normalizer(contract.fields, "update"),
        defaults=defaults,
        computed_defaults=_computed_defaults(contract.fields, contract_set),
        completed=_completed(defaults),
        merged=frozenset(field.name for field in contract.fields if field.type == "object"),
        parent_members=tuple(parent.member for parent in resource.parents),
        hidden=_hidden(contract, resource),
        checks=checks_by_verb,
        batch_checks=_batch_checks(checks_by_verb),
        keys={account: keys_of(resource.unique, account) for account in ACCOUNTS},
        filters=compile_filters(contract, resource, CATALOG),
        kinds={},
        extension=_extension(contract),
        offspring=offspring,
    )
    kinds = {each.kind for each in contract.operations if each.kind}
    return replace(compiled, kinds={kind: _for_kind(compiled, kind) for kind in kinds})


def _for_kind(compiled: CompiledResource, kind: str) -> CompiledResource:
    """Return the resource for one kind of create."""
    fields = created_fields(compiled.contract, kind)
    defaults = _defaults(fields)
    return replace(
        compiled,
        normalize_create=batch_normalizer(fields, "create"),
        defaults=defaults,
        completed=_completed(defaults),
    )


def _defaults(fields: tuple[Field, ...]) -> dict[str, Any]:
    found = {field.name: field.default for field in fields if field.default is not None}
    return {name: value for name, value in found.items() if not _is_computed(value)}


def _completed(defaults: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, value in defaults.items() if value and isinstance(value, dict))


def _is_computed(default: Any) -> bool:
    """Say whether a default depends on the date or the country."""
    return isinstance(default, str) and default.startswith("$")


def _computed_defaults(
    fields: tuple[Field, ...], contract_set: ContractSet
) -> tuple[tuple[str, Default], ...]:
    return tuple(
        (field.name, _computed_default(field, contract_set))
        for field in fields
        if _is_computed(field.default)
    )


def _computed_default(field: Field, contract_set: ContractSet) -> Default:
    """Return the function that computes a member's default: the date, or the country's amount."""
    kind, name = field.type, field.default.removeprefix(_PRICED)
    if name == TODAY:
        return lambda validation: validation.day(kind)
    if name == NOW:
        return lambda validation: int(validation.now * 1000)
    markets = contract_set.marketplaces.values()
    amounts = {each.country: each.defaults[name] for each in markets if name in each.defaults}
    return lambda validation: amounts.get(validation.profile.country)


def _items_reader(contract: Contract) -> Callable[[Any], Any]:
    """Return the function that reads the items of a batch from a body."""
    envelope = contract.envelope
    if not envelope:
        return lambda body: body
    return lambda body: body.get(envelope) or ()


def _words(contract: Contract) -> dict[str, str]:
    """Return the wire's word of each state, by the word in capitals."""
    rows = [field for field in contract.fields if field.name == "state"]
    return {word.upper(): word for field in rows for word in _values(field)}


def _values(field: Field) -> tuple[str, ...]:
    return (*field.enum, *field.update_enum, *field.read_enum)


_SHOWN = {
    "creationDate": "created",
    "creationDateTime": "created",
    "lastUpdateDate": "updated",
    "lastUpdatedDate": "updated",
    "lastUpdateDateTime": "updated",
    "servingStatus": "status",
    "servingStatusDetails": "details",
    "statusReasons": "details",
}
"""What an extended member shows, by its name; other members are not shown."""


def _extension(contract: Contract) -> tuple[tuple[str, str], ...]:
    """Return the extended members with what each shows and, where needed, its type."""
    found: list[tuple[str, str]] = []
    for field in contract.extended:
        shown = _SHOWN.get(field.name)
        if shown in {"created", "updated"}:
            found.append((field.name, f"{shown} {field.type}"))
        elif shown == "details" and field.items is not None:
            found.append((field.name, f"{shown} {field.items.type}"))
        elif shown is not None:
            found.append((field.name, shown))
    return tuple(found)


def _hidden(contract: Contract, resource: Resource) -> tuple[str, ...]:
    shown = {field.name for field in contract.fields if field.read != "absent"}
    return tuple(each.member for each in resource.parents if each.member not in shown)


def _batch_checks(
    checks_by_verb: dict[tuple[str, str], tuple[Check, ...]],
) -> dict[str, tuple[tuple[Check, BatchCheck | None], ...]]:
    return {
        account: tuple((each, batch_check_of(each)) for each in checks_by_verb["create", account])
        for account in ACCOUNTS
    }


def _checks(
    rule_context: RuleContext, contracts: dict[str, Contract]
) -> dict[tuple[str, str], tuple[Check, ...]]:
    table: dict[tuple[str, str], tuple[Check, ...]] = {}
    for account in ACCOUNTS:
        at = RuleContext(
            rule_context.contract,
            rule_context.resource,
            rule_context.marketplaces,
            rule_context.item_errors,
            account,
        )
        for verb in ("create", "update"):
            table[verb, account] = tuple(check for _, check in checks(verb, at, contracts))
    return table
