"""All mappings by the name of their contract. A new ad product adds its rows here."""

from __future__ import annotations

from adsmock.mockserver.catalog.unified import sb, sd, sp, st
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping

MAPPINGS: dict[str, tuple[ResourceMapping, ...]] = {
    **sp.MAPPINGS,
    **sb.MAPPINGS,
    **sd.MAPPINGS,
    **st.MAPPINGS,
}
