"""Which region was called: by host name, by port, or by path prefix.

Knows hosts and prefixes. Must not know clients or operations. Source: campaign management
reference 1.1 (documented hosts); ports and prefixes are the mock's own.
"""

from __future__ import annotations

from adsmock.contracts.contract_set import Region
from adsmock.mockserver.core.call import Call, Endpoint
from adsmock.mockserver.core.caller import Place

STORAGE_PREFIX = "/_storage/"
SANDBOX_PREFIX = "/_s/"
_KNOWN_PLACES = 4_096
DEFAULT_REGION = "NA"
"""The region of a call that names none; a scope of another region is unknown there."""


class Hosts:
    """Host names of the regions, ready for look-up."""

    __slots__ = ("_api", "_known", "_regions", "_storage", "_storage_of")

    def __init__(self, regions: dict[str, Region]) -> None:
        self._regions = set(regions)
        self._api = {region.ads_host: region.id for region in regions.values()}
        self._api |= {region.lwa_host: region.id for region in regions.values()}
        self._storage_of = {region.id: region.storage_host for region in regions.values()}
        self._storage = {region.storage_host: region.id for region in regions.values()}
        self._known: dict[tuple[Endpoint, str, str], Place] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every real host name that is served."""
        return (*self._api, *self._storage)

    def storage_base(self, call: Call) -> str | None:
        """Return where a client that calls by real host names expects its downloads.

        None for a call in clear or by another name: there the mock's own address is the one
        that can be reached.
        """
        region = self._api.get(call.host.rsplit(":", 1)[0].lower()) if call.door.tls else None
        return f"https://{self._storage_of[region]}" if region else None

    def resolve_region(self, call: Call) -> Place:
        """Return where ``call`` arrived; every call arrives somewhere.

        Nothing but door, path and host decides, and most calls go where others went.
        """
        key = (call.door, call.path, call.host)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _KNOWN_PLACES:
                self._known.clear()
            known = self._known[key] = self._resolve(*key)
        return known

    def _resolve(self, door: Endpoint, path: str, host: str) -> Place:
        path, named = _strip_sandbox(path)
        sandbox_id = named or door.sandbox
        prefix, rest = self._strip_region(path)
        is_storage = door.storage or rest.startswith(STORAGE_PREFIX)
        if door.region is not None:
            return Place(door.region, rest, "port", is_storage, sandbox_id)
        host = host.rsplit(":", 1)[0].lower()
        if host in self._api:
            return Place(self._api[host], rest, "host", is_storage, sandbox_id)
        if host in self._storage:
            return Place(self._storage[host], rest, "host", is_storage=True, sandbox_id=sandbox_id)
        if prefix is not None:
            return Place(prefix, rest, "prefix", is_storage, sandbox_id)
        alias = host.split(".")
        if len(alias) > 2 and alias[1].upper() in self._regions:  # noqa: PLR2004 -- sandbox.region.rest
            return Place(alias[1].upper(), rest, "host", is_storage, sandbox_id or alias[0])
        return Place(DEFAULT_REGION, rest, "none", is_storage, sandbox_id)

    def _strip_region(self, path: str) -> tuple[str | None, str]:
        head, slash, rest = path[1:].partition("/")
        region = head.upper()
        if slash and head.islower() and region in self._regions:
            return region, "/" + rest
        return None, path


def _strip_sandbox(path: str) -> tuple[str, str | None]:
    if not path.startswith(SANDBOX_PREFIX):
        return path, None
    sandbox_id, _, rest = path[len(SANDBOX_PREFIX) :].partition("/")
    return "/" + rest, sandbox_id
