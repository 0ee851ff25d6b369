"""The ledger rows that a difference concerns: by operation, member, header, refusal or page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from adsmock.contracts import ledger
from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract, Operation
from adsmock.contracts.operation_index import operations
from adsmock.harness.fidelity.reply_members import ANY, Path

ERROR_VALUE = "errorValue"
"""The member of an item error whose only member names the kind."""


class FactIndex:
    """The ids of the ledger, by what they describe."""

    def __init__(self) -> None:
        self._contract_set = load()
        self._ids = {row.id: None for row in ledger.rows()}
        self._by_contract: dict[str, dict[Path, str]] = {}
        self._by_form: dict[tuple[str, str], dict[Path, str]] = {}
        self._headers = {
            row.id.rpartition(".")[2].lower(): row.id
            for row in ledger.rows()
            if ".headers." in row.id.lower()
        }

    def operation(self, operation: Operation) -> tuple[str, ...]:
        """Return the row of an operation."""
        contract = operations().contract(operation)
        return self._known(f"{contract.name}.operations.{operation.id}")

    def parameter(self, operation: Operation, name: str) -> tuple[str, ...]:
        """Return the row of a parameter, or of the filter or form member of a request."""
        contract = operations().contract(operation)
        own = f"{contract.name}.operations.{operation.id}.parameters.{name}"
        found = self._known(own, f"{contract.name}.filters.{name}")
        for form in (operation.takes, *(row.takes for row in operation.versions)):
            row = self._form(contract, form).get((name,)) if form else None
            found += (row,) if row else ()
        return found

    def member(self, operation: Operation, path: Path) -> tuple[str, ...]:
        """Return the rows of a member of a reply; at least that of the operation.

        The row of the member comes first, or that of the nearest object around it.
        """
        contract = operations().contract(operation)
        found = self._exact(operation, contract, path)
        return found or self._around(operation, contract, path) or self.operation(operation)

    def has_member(self, operation: Operation, path: Path) -> bool:
        """Say whether the ledger has a row for exactly this member."""
        return bool(self._exact(operation, operations().contract(operation), path))

    def page(self, operation: Operation) -> tuple[str, ...]:
        """Return the row about the pages of a list."""
        contract = operations().contract(operation)
        return self._known(f"{contract.name}.page") + self.operation(operation)

    def refusal(self, operation: Operation | None, kind: str) -> tuple[str, ...]:
        """Return the rows about a kind of refusal; the one that has the text comes first."""
        name = self.dialect(operation)
        row = self._contract_set.dialects[name]
        target = row.via.get(kind, name)
        stem = "dialects.dialects"
        own = self._known(f"{stem}.{target}.kinds.{kind}", f"{stem}.{name}.kinds.{kind}")
        return (own or self._known(f"{stem}.{target}")) + (
            self.operation(operation) if operation else ()
        )

    def dialect(self, operation: Operation | None) -> str:
        """Return the name of an operation's dialect; that of the gateway without one."""
        if operation is None:
            return "gateway"
        return operation.dialect or operations().contract(operation).dialect

    def header(self, operation: Operation | None, name: str) -> tuple[str, ...]:
        """Return the row about a header of replies, else that of the operation."""
        own: tuple[str, ...] = (self._headers[name],) if name in self._headers else ()
        if name == "retry-after" and operation is not None:
            own += self._known(f"quotas.quotas.{operation.quota}.retry_after")
        return own + (self.operation(operation) if operation else ())

    def touchable(self, reads: Iterable[Operation]) -> set[str]:
        """Return the rows that replies to these operations, and refusals, can show."""
        found: set[str] = {row for row in self._ids if row.startswith("dialects.dialects.")}
        found |= set(self._headers.values())
        for operation in reads:
            contract = operations().contract(operation)
            found |= {*self.operation(operation), *self.page(operation)}
            found |= {row for row in self._ids if row.startswith(f"{contract.name}.filters.")}
            for form in _forms(operation):
                found |= set(self._form(contract, form).values())
            if not operation.gives:
                found |= set(self._entity(contract).values())
        return found

    def _exact(self, operation: Operation, contract: Contract, path: Path) -> tuple[str, ...]:
        if _is_paging(contract, path):
            return self._known(f"{contract.name}.page")
        if ERROR_VALUE in path and path[-1] != ERROR_VALUE:
            kind = path[path.index(ERROR_VALUE) + 1]
            return self._known(f"item_errors.errors.{kind}", f"item_errors.members.{path[-1]}")
        for form in _forms(operation):
            row = self._form(contract, form).get(path)
            if row:
                return (row,)
        table = self._entity(contract)
        return next(((table[tail],) for tail in _tails(path) if tail in table), ())

    def _around(self, operation: Operation, contract: Contract, path: Path) -> tuple[str, ...]:
        while len(path) > 1:
            path = path[:-1]
            if path[-1] == ANY or _is_paging(contract, path):
                continue
            if found := self._exact(operation, contract, path):
                return found
        return ()

    def _entity(self, contract: Contract) -> dict[Path, str]:
        """Return the rows of the members of an entity, by path."""
        if contract.name not in self._by_contract:
            stems = (f"{contract.name}.fields.", f"{contract.name}.extended.")
            self._by_contract[contract.name] = self._paths(stems)
        return self._by_contract[contract.name]

    def _form(self, contract: Contract, form: str) -> dict[Path, str]:
        key = contract.name, form
        if key not in self._by_form:
            file = contract.forms_file.removesuffix(".json") or contract.name
            self._by_form[key] = self._paths((f"{file}.forms.{form}.",))
        return self._by_form[key]

    def _paths(self, stems: tuple[str, ...]) -> dict[Path, str]:
        found: dict[Path, str] = {}
        for row in self._ids:
            stem = next((one for one in stems if row.startswith(one)), None)
            path = path_of(row.removeprefix(stem)) if stem else ()
            if path:
                found.setdefault(path, row)
        return found

    def _known(self, *rows: str) -> tuple[str, ...]:
        return tuple(row for row in dict.fromkeys(rows) if row in self._ids)


def path_of(rest: str) -> Path:
    """Return the path that the rest of a ledger id describes, ``budget.fields.amount``.

    It is empty for facts about a part of a member.
    """
    words = rest.split(".")
    path = [words[0]]
    place = 1
    while place < len(words):
        if words[place] == "fields" and place + 1 < len(words):
            path.append(words[place + 1])
            place += 2
        elif words[place] == "items":
            path.append(ANY)
            place += 1
        else:
            return ()
    return tuple(path)


def _is_paging(contract: Contract, path: Path) -> bool:
    page = contract.page
    return page is not None and len(path) == 1 and path[0] in {page.token, page.total, page.key}


def _forms(operation: Operation) -> list[str]:
    names = (operation.gives, *(row.gives for row in operation.versions))
    return [name for name in names if name]


def _tails(path: Path) -> Iterator[Path]:
    """Yield the ends of a path that begin with a member, the longest first."""
    for place in range(len(path)):
        if path[place] != ANY:
            yield path[place:]


@cache
def facts() -> FactIndex:
    """Return the index of the installed ledger."""
    return FactIndex()
