"""Values of a template's parameters: given ones, else defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.iac.intrinsic import Resolver
from adsmock.harness.iac.template_file import Template


def resolver_of(template: Template, given: Mapping[str, str], aws_region: str | None) -> Resolver:
    """Return the resolver of a template with values of parameters."""
    names: dict[str, Any] = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
    if aws_region:
        names["AWS::Region"] = aws_region
    for name, row in template.section("Parameters").items():
        if isinstance(row, dict) and row.get("Default") is not None:
            is_list = "List" in str(row.get("Type"))
            default = row["Default"]
            names[name] = str(default).split(",") if is_list else default
    names.update(given)
    return Resolver(names, template.section("Mappings"), template.section("Conditions"))


def unknown_parameter(template: Template, given: Mapping[str, str]) -> str:
    """Return what is wrong with the first given parameter that the template has not, else ""."""
    known = template.section("Parameters")
    for name in given:
        if name not in known:
            return f"unknown parameter {name!r}: {did_you_mean(name, known)}"
    return ""
