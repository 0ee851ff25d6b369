"""Intrinsic functions of CloudFormation, evaluated as far as a template alone allows.

What only a deployment knows stays as text with ``${...}``: ``${AWS::Region}``, ``${Queue.Arn}``.

Source: CloudFormation user guide, intrinsic function reference (documented).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_LITERAL = re.compile(r"\$\{!([^}]*)\}")
_OPEN = re.compile(r"\$\{[^}]*\}")

NO_VALUE = "${AWS::NoValue}"


def is_known(value: Any) -> bool:
    """Say whether a resolved value is complete before deployment."""
    return not _OPEN.search(str(value))


def without_names(text: str) -> str:
    """Return a text with what is unknown as ``${}``, so that it can be split at colons."""
    return _OPEN.sub("${}", text)


def is_true(value: Any) -> bool:
    """Say whether CloudFormation reads a value as true."""
    return str(value).lower() in {"true", "yes", "on"}


@dataclass(frozen=True, slots=True)
class Resolver:
    """Evaluates the functions of one template.

    ``names`` has values by parameter and pseudo parameter.
    """

    names: Mapping[str, Any]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]

    def value(self, part: Any) -> Any:
        """Return a part of the template with every function evaluated."""
        if isinstance(part, list):
            members = (self.value(each) for each in part)
            return [each for each in members if each != NO_VALUE]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            name, argument = next(iter(part.items()))
            function = _FUNCTIONS.get(name)
            if function is not None:
                return function(self, argument)
            if name.startswith("Fn::"):
                return f"${{{name}}}"
        resolved = {name: self.value(each) for name, each in part.items()}
        return {name: each for name, each in resolved.items() if each != NO_VALUE}

    def holds(self, name: Any) -> bool | None:
        """Return whether a condition holds, None where only a deployment knows."""
        try:
            return self.truth(self.conditions.get(str(name)))
        except (TypeError, IndexError, RecursionError):  # CloudFormation refuses its form
            return None

    def truth(self, part: Any) -> bool | None:
        """Return the result of a condition's expression."""
        if not isinstance(part, dict) or len(part) != 1:
            return None
        name, argument = next(iter(part.items()))
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::Equals":
            pair = [str(each) for each in self.value(argument)]
            return len(set(pair)) == 1 if all(map(is_known, pair)) else None
        operator = _OPERATORS.get(name)
        return operator([self.truth(each) for each in argument]) if operator else None


def _not(results: list[bool | None]) -> bool | None:
    return None if results[0] is None else not results[0]


def _and(results: list[bool | None]) -> bool | None:
    return False if False in results else None if None in results else True


def _or(results: list[bool | None]) -> bool | None:
    return True if True in results else None if None in results else False


_OPERATORS: Mapping[str, Callable[[list[bool | None]], bool | None]] = {
    "Fn::And": _and,
    "Fn::Not": _not,
    "Fn::Or": _or,
}


def _ref(resolver: Resolver, argument: Any) -> Any:
    return resolver.names.get(str(argument), f"${{{argument}}}")


def _get_att(resolver: Resolver, argument: Any) -> Any:
    parts = argument if isinstance(argument, list) else [argument]
    return f"${{{'.'.join(str(resolver.value(each)) for each in parts)}}}"


def _sub(resolver: Resolver, argument: Any) -> Any:
    text, own = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])
    values = {**resolver.names, **resolver.value(own)}

    def replace(found: re.Match[str]) -> str:
        return str(values.get(found[1].strip(), f"${{{found[1].strip()}}}"))

    return _LITERAL.sub(r"$\\{\1}", _VARIABLE.sub(replace, str(text)))


def _join(resolver: Resolver, argument: Any) -> Any:
    separator, parts = argument
    values = resolver.value(parts)
    if not isinstance(values, list):
        return "${Fn::Join}"
    return str(separator).join(map(str, values))


def _find_in_map(resolver: Resolver, argument: Any) -> Any:
    """Return a value of a mapping; for an unknown key all lists that it may select, as one."""
    found: list[Any] = [resolver.mappings]
    for key in resolver.value(argument)[:3]:
        is_sure = is_known(key)
        found = [
            each
            for table in found
            if isinstance(table, dict)
            for each in (table.values() if not is_sure else [table.get(str(key))])
            if each is not None
        ]
    if found and all(isinstance(each, list) for each in found):
        return [member for each in found for member in each]
    return found[0] if len(found) == 1 else "${Fn::FindInMap}"


def _if(resolver: Resolver, argument: Any) -> Any:
    name, yes, no = argument
    holds = resolver.holds(name)
    if holds is not None:
        return resolver.value(yes if holds else no)
    either = resolver.value(yes)
    return either if either == resolver.value(no) else "${Fn::If}"


def _select(resolver: Resolver, argument: Any) -> Any:
    index, parts = (resolver.value(each) for each in argument)
    is_inside = isinstance(parts, list) and str(index).isdecimal() and int(index) < len(parts)
    return parts[int(index)] if is_inside else "${Fn::Select}"


def _split(resolver: Resolver, argument: Any) -> Any:
    separator, text = (resolver.value(each) for each in argument)
    return str(text).split(separator) if is_known(text) else "${Fn::Split}"


def _tolerant(name: str, function: Callable[[Resolver, Any], Any]) -> Callable[..., Any]:
    """Return a function that leaves an argument of the wrong form to CloudFormation."""

    def evaluate(resolver: Resolver, argument: Any) -> Any:
        try:
            return function(resolver, argument)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            return f"${{{name}}}"

    return evaluate


_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    name: _tolerant(name, function)
    for name, function in {
        "Ref": _ref,
        "Fn::GetAtt": _get_att,
        "Fn::Sub": _sub,
        "Fn::Join": _join,
        "Fn::FindInMap": _find_in_map,
        "Fn::If": _if,
        "Fn::Select": _select,
        "Fn::Split": _split,
    }.items()
}
