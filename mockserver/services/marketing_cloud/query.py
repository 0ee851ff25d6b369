"""What a query of Marketing Cloud shows and compares, read with sqlglot and never run.

The dialect of Marketing Cloud has forms that other dialects lack, so a query that sqlglot does not
read is no error: nothing is known about it then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from adsmock.mockserver.services.marketing_cloud.data_sources import (
    NEVER,
    UNFILTERED,
    TableColumn,
    tables,
)

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 50_000
"""Characters of a query; a longer one is refused."""

MOST_TOKENS = 2_000
"""Words and signs of a query that is parsed: parsing takes up to 0.1 ms for each (measured)."""

_LITERALS = frozenset({"NUMBER", "STRING"})

_DEPTH = 10
"""Names of inner queries that are followed to the column behind them."""

Kind = Literal["column", "users", "other"]


@dataclass(frozen=True, slots=True)
class Output:
    """A column of the result: of a table's column, a count of users, or something else."""

    name: str
    kind: Kind
    column: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a query is refused: the name of the text, the column and its threshold."""

    text: str
    column: str
    threshold: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query: its outputs in order, its tables, its text without literals, its refusal if any."""

    outputs: tuple[Output, ...]
    tables: frozenset[str]
    shape: str
    refusal: Refusal | None = None


def read_query(text: str) -> Query:
    """Return what a query shows; one that cannot be read has no outputs and no tables."""
    import sqlglot  # noqa: PLC0415 -- 0.2 s that only Marketing Cloud needs
    from sqlglot import exp  # noqa: PLC0415 -- as above

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # no warnings about what clients send
    plain = Query((), frozenset(), " ".join(text.split()))
    try:
        tokens = sqlglot.tokenize(text)
        if len(tokens) > MOST_TOKENS:
            return plain
        shape = " ".join("?" if each.token_type.name in _LITERALS else each.text for each in tokens)
        tree = sqlglot.parse_one(text, error_level=sqlglot.ErrorLevel.RAISE)
        if not isinstance(tree, exp.Query):
            return plain
        return _Reader(tree, shape).read()
    except (sqlglot.errors.SqlglotError, RecursionError):
        return plain


class _Reader:
    """Reads one parsed query."""

    def __init__(self, tree: exp.Query, shape: str) -> None:
        from sqlglot import exp  # noqa: PLC0415 -- as in ``read_query``

        self._exp = exp
        self._tree = tree
        self._shape = shape
        self._tables = frozenset(self._named_tables()) & tables().keys()
        self._columns: dict[str, TableColumn] = {}
        for name in sorted(self._tables):
            self._columns |= tables()[name]
        final = {id(each) for each in tree.selects}
        self._inner = {
            each.alias_or_name: each.unalias()
            for select in tree.find_all(exp.Select)
            for each in select.selects
            if id(each) not in final and each.alias_or_name
        }

    def read(self) -> Query:
        """Return the query."""
        return Query(
            tuple(self._outputs()), self._tables, self._shape, self._hidden() or self._compared()
        )

    def _named_tables(self) -> Iterator[str]:
        exp = self._exp
        for table in self._tree.find_all(exp.Table):
            yield table.name
        for call in self._tree.find_all(exp.Anonymous):
            if call.name.upper() == "EXTEND_TIME_WINDOW" and call.expressions:
                yield call.expressions[0].name

    def _outputs(self) -> Iterator[Output]:
        for number, each in enumerate(self._tree.selects):
            if isinstance(each, self._exp.Star):
                for known in self._columns.values():
                    if known.threshold not in NEVER:
                        yield Output(known.name, "column", known.name)
                continue
            kind, column = self._meaning(each.unalias())
            yield Output(each.alias_or_name or f"EXPR${number}", kind, column)

    def _meaning(self, value: Any) -> tuple[Kind, str]:
        """Return what an expression of the output shows."""
        exp = self._exp
        value = self._origin(value)
        if isinstance(value, exp.Count):
            counted = {each.name for each in value.find_all(exp.Column)}
            return ("users", "") if counted == {"user_id"} else ("other", "")
        if isinstance(value, (exp.Sum, exp.Max, exp.Min)):
            value = self._origin(value.this)
            if isinstance(value, exp.Sum):
                value = self._origin(value.this)
        if isinstance(value, exp.Column) and value.name in self._columns:
            return "column", value.name
        return "other", ""

    def _origin(self, value: Any) -> Any:
        """Return the expression behind casts, brackets and names of inner queries."""
        exp = self._exp
        for _ in range(_DEPTH):
            if isinstance(value, (exp.Paren, exp.Cast, exp.Round, exp.Coalesce)):
                value = value.this
            elif isinstance(value, exp.Column) and value.name in self._inner:
                behind = self._inner[value.name]
                if isinstance(behind, exp.Column) and behind.name == value.name:
                    return behind
                value = behind
            else:
                return value
        return value

    def _hidden(self) -> Refusal | None:
        """Return the refusal of a query whose output has a column that is never shown."""
        exp = self._exp
        for each in self._tree.selects:
            value = self._origin(each.unalias())
            if isinstance(value, (exp.Max, exp.Min)):
                value = self._origin(value.this)
            column = self._columns.get(value.name) if isinstance(value, exp.Column) else None
            if column is not None and column.threshold in NEVER:
                return Refusal("column", column.name, column.threshold)
        return None

    def _compared(self) -> Refusal | None:
        """Return the refusal of a query that compares a sensitive column with a literal."""
        exp = self._exp
        kinds = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.In, exp.Between)
        for node in self._tree.find_all(*kinds):
            sides = [each for each in node.args.values() if each]
            flat = [one for side in sides for one in (side if isinstance(side, list) else [side])]
            if not any(map(self._is_literal, flat)):
                continue
            for side in map(self._origin, flat):
                column = self._columns.get(side.name) if isinstance(side, exp.Column) else None
                if column is not None and column.threshold in UNFILTERED:
                    return Refusal("literal", column.name, column.threshold)
        return None

    def _is_literal(self, value: Any) -> bool:
        exp = self._exp
        if isinstance(value, exp.Anonymous):
            return bool(value.name.upper() == "CUSTOM_PARAMETER")
        return isinstance(value, exp.Literal)
