"""The region of a call: by host name, by port, or by path prefix.

Source: campaign management reference 1.1 (documented hosts); ports and prefixes are the mock's own.
"""

from __future__ import annotations

from adsmock.contracts.contract_set import Region
from adsmock.mockserver.catalog.aws import SERVICES
from adsmock.mockserver.core.call import Call, Endpoint
from adsmock.mockserver.core.caller import Place

STORAGE_PREFIX = "/_storage/"
SANDBOX_PREFIX = "/_s/"
AWS_PREFIX = "/_aws"
"""The path of SQS, SNS and S3 on every port."""
_KNOWN_PLACES = 4_096
DEFAULT_REGION = "NA"
"""The region of a call that names none; scopes of other regions are unknown there."""


class Hosts:
    """Host names of the regions."""

    __slots__ = ("_api", "_aws", "_known", "_regions", "_storage", "_storage_of")

    def __init__(self, regions: dict[str, Region]) -> None:
        self._regions = set(regions)
        self._api = {region.ads_host: region.id for region in regions.values()}
        self._api |= {region.lwa_host: region.id for region in regions.values()}
        self._storage_of = {
            region.id: (region.storage_host, region.report_host) for region in regions.values()
        }
        self._storage = {
            host: region for region, hosts in self._storage_of.items() for host in hosts
        }
        self._aws = {
            f"{service}.{region.aws_region}.amazonaws.com": region.id
            for region in regions.values()
            for service in SERVICES
        }
        self._known: dict[tuple[Endpoint, str, str], Place] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every real host name that is served."""
        return (*self._api, *self._storage, *self._aws)

    def storage_base(self, call: Call, *, of_reports: bool = False) -> str | None:
        """Return the storage address for a client that uses real host names over TLS, else None.

        Other clients can reach only the mock's own address.
        """
        region = self._api.get(call.host.rsplit(":", 1)[0].lower()) if call.endpoint.tls else None
        return f"https://{self._storage_of[region][of_reports]}" if region else None

    def resolve_region(self, call: Call) -> Place:
        """Return where ``call`` arrived.

        Only endpoint, path and host decide, so the result is cached.
        """
        key = (call.endpoint, call.path, call.host)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _KNOWN_PLACES:
                self._known.clear()
            known = self._known[key] = self._resolve_aws(*key) or self._resolve(*key)
        return known

    def _resolve(self, endpoint: Endpoint, path: str, host: str) -> Place:
        path, named = _strip_sandbox(path)
        sandbox_id = named or endpoint.sandbox
        prefix, rest = self._strip_region(path)
        is_storage = endpoint.storage or rest.startswith(STORAGE_PREFIX)
        if endpoint.region is not None:
            return Place(endpoint.region, rest, "port", is_storage, sandbox_id)
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

    def _resolve_aws(self, endpoint: Endpoint, whole: str, host: str) -> Place | None:
        """Return the place of a call to SQS or SNS: by port, by host name or by path prefix."""
        path, named = _strip_sandbox(whole)
        name = host.rsplit(":", 1)[0].lower()
        has_prefix = path == AWS_PREFIX or path.startswith(f"{AWS_PREFIX}/")
        if not (has_prefix or endpoint.aws or name in self._aws):
            return None
        path = (path[len(AWS_PREFIX) :] or "/") if has_prefix else path
        prefix = whole[: len(whole) - len(path)].rstrip("/")
        region, sandbox_id = self._aws.get(name, DEFAULT_REGION), named or endpoint.sandbox
        return Place(region, path, "host", sandbox_id=sandbox_id, is_aws=True, prefix=prefix)

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
