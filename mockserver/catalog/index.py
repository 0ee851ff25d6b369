"""All resources by name. A new family adds its rows here."""

from __future__ import annotations

from adsmock.mockserver.catalog import portfolios, sb, sd, sp, st
from adsmock.mockserver.catalog.resource import Resource

CATALOG: dict[str, Resource] = {
    resource.name: resource
    for family in (sp, sb, sd, st, portfolios)
    for resource in family.RESOURCES
}
