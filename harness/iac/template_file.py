"""A CloudFormation template with the position of each member, or a plan of Terraform.

Plain YAML scalars stay text: an account number that starts with 0 must keep its digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adsmock.contracts.bounded_file import (
    CONFIGURATION_BYTES,
    BoundError,
    check_aliases,
    parse_json,
    read_text,
)
from adsmock.harness.config_file import DocumentError, position_of
from adsmock.harness.config_positions import Position, json_positions, yaml_positions
from adsmock.harness.iac import terraform


class TemplateError(DocumentError):
    """A file that is no CloudFormation template; one line."""


@dataclass(frozen=True, slots=True)
class Template:
    """The values of a template, short forms as ``Fn::`` members, and positions by dotted path."""

    file: str
    values: Mapping[str, Any]
    positions: Mapping[str, Position] = field(default_factory=dict)

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section such as ``Resources``, empty without it."""
        found = self.values.get(name)
        return found if isinstance(found, dict) else {}

    def position(self, path: str) -> Position:
        """Return the position of a member, or of the nearest member around it."""
        return position_of(path, self.positions)


def read(path: Path) -> Template:
    """Return the template in a file.

    Raises:
        TemplateError: it is neither JSON nor YAML, or has no resources.
        OSError: it cannot be read.
    """
    try:
        text = read_text(path, CONFIGURATION_BYTES)
        is_json = text.lstrip().startswith("{")
        values, positions = _json(text) if is_json else _yaml(text, path)
    except BoundError as error:
        raise TemplateError(path.name, f"is {error}") from None
    except RecursionError:
        raise TemplateError(path.name, "is nested too deep") from None
    if terraform.is_terraform(values):
        return Template(path.as_posix(), _of_terraform(values, path))
    if not isinstance(values, dict) or not isinstance(values.get("Resources"), dict):
        raise TemplateError(
            path.name,
            "has no Resources. Expected a CloudFormation template in YAML or JSON, or the output "
            "of 'terraform show -json'. For CDK name the result of 'cdk synth'",
        )
    return Template(path.as_posix(), values, positions)


def _of_terraform(values: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    try:
        return terraform.as_template(values)
    except terraform.UnknownPolicyError as error:
        raise TemplateError(
            path.name,
            f"the plan does not know the policy of {error} yet. Write the queue's ARN with its "
            "name instead of a reference, or check the state: terraform show -json, after apply",
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TemplateError(path.name, f"is no output of terraform show -json: {error!r}") from None


def _json(text: str) -> tuple[Any, Mapping[str, Position]]:
    return parse_json(text), json_positions(text)


def _yaml(text: str, path: Path) -> tuple[Any, Mapping[str, Position]]:
    try:
        from ruamel.yaml import YAML  # noqa: PLC0415 -- only with the extra "yaml"
        from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415 -- as above
    except ImportError:
        raise TemplateError(
            path.name, "YAML needs ruamel.yaml: run pip install 'adsmock[yaml]', or write JSON"
        ) from None
    try:
        tree = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" (at line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise TemplateError(path.name, f"is not YAML: {error.problem}{place}") from None
    except (YAMLError, ValueError) as error:
        raise TemplateError(path.name, f"is not YAML: {' '.join(str(error).split())}") from None
    values = _value(tree, {})
    check_aliases(values)
    return values, yaml_positions(tree)


def _value(node: Any, known: dict[int, Any]) -> Any:
    """Return the value of a composed node; ``known`` has those of aliases."""
    if node is None:
        return None
    if id(node) in known:
        return known[id(node)]
    if node.id == "scalar":
        is_null = node.tag == "tag:yaml.org,2002:null"
        return None if is_null else _tagged(node.tag, node.value)
    plain: Any = {} if node.id == "mapping" else []
    found = known[id(node)] = _tagged(node.tag, plain)
    if node.id == "mapping":
        plain.update((str(key.value), _value(value, known)) for key, value in node.value)
    else:
        plain.extend(_value(each, known) for each in node.value)
    return found


def _tagged(tag: Any, value: Any) -> Any:
    """Return a value with the short form of a function (``!Sub``) as its long form."""
    name = str(tag)
    if not name.startswith("!") or name == "!":
        return value
    if name == "!GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name[1:] if name in {"!Ref", "!Condition"} else f"Fn::{name[1:]}": value}
