"""All resources by name. A new family adds its rows here."""

from __future__ import annotations

from mockserver.catalog import sd, sp
from mockserver.catalog.entry import Resource

CATALOG: dict[str, Resource] = {
    resource.name: resource for family in (sp, sd) for resource in family.RESOURCES
}
