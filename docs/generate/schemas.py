"""Pages made from schemas: manifest, plan, load report and the configuration of the mock."""

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from adsmock.mockserver.control.schema import components
from docs.generate.markdown import code, table

LOAD_FILES = Path(__file__).with_name("load_files.toml")

META = resources.files("adsmock.contracts") / "meta"


def pages() -> dict[str, str]:
    """Return the pages of manifest, plan and configuration."""
    return {
        "manifest.md": members("manifest", "Manifest", "The members of `--manifest FILE`."),
        "plan.md": members("plan", "Plan", "The members of a plan for `adsmock estimate`."),
        "load-report.md": load_report(),
        "mock-configuration.md": configuration(),
    }


def load_report() -> str:
    """Return the page of the report folder of ``adsmock load``."""
    schema = schema_of("load")
    files = tomllib.loads(LOAD_FILES.read_text("utf-8"))
    return (
        "# Load report\n\nThe files in the report folder of `adsmock load`. "
        "See [Rehearse a peak event](../how-to/load-test.md).\n\n"
        + table(("File", "Content"), files.items())
        + "\n## run.json\n\n"
        + described(schema, schema)
    )


def configuration() -> str:
    """Return the page of an ``adsmock.toml``."""
    root = {"components": {"schemas": components()}}
    table_of_members = described(components()["SandboxConfiguration"], root)
    return (
        "# Mock configuration\n\nThe members of a section `[sandboxes.ID]` in an `adsmock.toml`. "
        "Each is optional. See [Describe the mock in a file](../how-to/describe-the-mock.md).\n\n"
        + table_of_members
    )


def schema_of(name: str) -> dict[str, Any]:
    """Return one meta-schema."""
    found: dict[str, Any] = json.loads((META / f"{name}.schema.json").read_text("utf-8"))
    return found


def members(name: str, title: str, intro: str) -> str:
    """Return a page with a table of a schema's members, nested ones dotted."""
    schema = schema_of(name)
    return f"# {title}\n\n{intro}\n\n{described(schema, schema)}"


def described(schema: dict[str, Any], root: dict[str, Any]) -> str:
    """Return a table of members, empty when there are none."""
    rows = list(rows_of(schema, root, ""))
    return table(("Member", "Type", "Required", "Meaning"), rows) if rows else ""


def rows_of(schema: dict[str, Any], root: dict[str, Any], prefix: str) -> Any:
    """Yield a row for each member of an object, then those of the objects inside."""
    required = set(schema.get("required", ()))
    for name, given in schema.get("properties", {}).items():
        member = resolved(given, root)
        text = given.get("description") or member.get("description", "")
        shown = "yes" if name in required else ""
        yield code(prefix + name), kind_of(member, root), shown, text
        inner = member
        if member.get("type") == "array":
            inner = resolved(member.get("items", {}), root)
        if inner.get("properties"):
            mark = "[]." if member.get("type") == "array" else "."
            yield from rows_of(inner, root, prefix + name + mark)


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its reference followed, into another schema where it leads there."""
    other, _, path = schema.get("$ref", "").partition("#/")
    if not path:
        return schema
    found: Any = schema_of(other.split(":")[1].split("/")[0]) if other else root
    for step in path.split("/"):
        found = found[step]
    return resolved(found, root)


def kind_of(schema: dict[str, Any], root: dict[str, Any]) -> str:
    """Return the type of a value, with its values or bounds."""
    if "enum" in schema:
        return ", ".join(code(one) for one in schema["enum"])
    if "const" in schema:
        return code(schema["const"])
    given = schema.get("type", "any")
    kind = " or ".join(given) if isinstance(given, list) else given
    if kind == "array":
        return f"array of {kind_of(resolved(schema.get('items', {}), root), root)}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind}, {low} to {high}"
    return f"{kind}, at least {low}" if low is not None else kind
