"""A configuration file in TOML, with the entities of the files that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

import orjson

from adsmock.contracts.bounded_file import (
    CONFIGURATION_BYTES,
    MIB,
    BoundError,
    parse_toml,
    read_text,
)
from adsmock.contracts.iso8601 import parse_utc
from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.control.schema import check, pointer
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.sandboxes.scenario import scenarios, with_duration

NAME = "adsmock.toml"
"""The usual name. The manifest of a program is another file, such as ``ads-client.toml``."""


STATE_BYTES = 256 * MIB
"""A file of entities: half a million campaigns."""


class ConfigurationError(ValueError):
    """A file that cannot be used; the text names the file, the place and the reason."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sandboxes by id, and their entities where the file has some."""

    sandboxes: dict[str, dict[str, Any]]
    states: dict[str, dict[str, Any]] = field(default_factory=dict)


def read(path: Path) -> Configuration:
    """Return the configuration in a file.

    Raises:
        ConfigurationError: a file cannot be read, is malformed, or has an invalid member.
    """
    try:
        values = parse_toml(_text(path, CONFIGURATION_BYTES))
    except BoundError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    sandboxes = _checked(path, "Configuration", _with_texts(values))["sandboxes"]
    for sandbox_id, sandbox in sandboxes.items():
        place = f"{path}: {pointer('sandboxes', sandbox_id)}"
        _check_faults(place, sandbox.get("faults", ()))
        _check_scenario(place, sandbox.get("scenario"))
        _check_dates(place, sandbox.get("deprecations", {}))
    return Configuration(
        sandboxes,
        {
            sandbox_id: _state(path.parent / sandbox["state"])
            for sandbox_id, sandbox in sandboxes.items()
            if "state" in sandbox
        },
    )


def _text(path: Path, most: int) -> str:
    try:
        return read_text(path, most)
    except BoundError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}: check the path") from None


def _with_texts(value: Any) -> Any:
    """Return a value with dates and times as ISO 8601 text, as JSON has them."""
    if isinstance(value, dict):
        return {name: _with_texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_texts(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _checked(path: Path, schema: str, value: Any) -> Any:
    try:
        check(schema, value)
    except SetupError as error:
        raise ConfigurationError(f"{path}: {error.pointer}: {error.detail}") from None
    return value


def _check_faults(place: str, rules: Sequence[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        name = rule.get("id")
        if name is None:
            raise ConfigurationError(
                f'{place}/faults/{number}: the rule has no "id": add one, by which the rule is '
                "found again"
            )
        if name in seen:
            raise ConfigurationError(
                f'{place}/faults/{number}: two rules have the id "{name}": give each its own'
            )
        seen.add(name)


def _check_scenario(place: str, given: dict[str, Any] | None) -> None:
    if given is None:
        return
    name = given["name"]
    if name not in scenarios():
        advice = did_you_mean(name, scenarios())
        raise ConfigurationError(f'{place}/scenario/name: unknown scenario "{name}": {advice}')
    try:
        with_duration(scenarios()[name], given.get("over"))
    except SetupError as error:
        raise ConfigurationError(f"{place}/scenario{error.pointer}: {error.detail}") from None


def _check_dates(place: str, dates: dict[str, str]) -> None:
    for family, text in dates.items():
        try:
            parse_utc(text)
        except ValueError:
            raise ConfigurationError(
                f'{place}/deprecations/{family}: "{text}" is not a date: write one such as '
                "2026-08-01; a date relative to now would change with every apply"
            ) from None


def _state(path: Path) -> dict[str, Any]:
    try:
        values = orjson.loads(_text(path, STATE_BYTES))
    except orjson.JSONDecodeError as error:
        raise ConfigurationError(f"{path}: not valid JSON: {error}") from None
    checked: dict[str, Any] = _checked(path, "State", values)
    return checked
