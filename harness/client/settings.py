"""Where the client works and as whom.

Knows the wire names of a task file's ``regions``, ``profiles`` and ``credentials``. Must not know
verbs or anything that is sent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .api import load_api
from .errors import Misuse

if TYPE_CHECKING:
    from collections.abc import Mapping


_CREDENTIALS = ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The two base addresses of one region, without a final slash."""

    ads: str
    lwa: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """A Login with Amazon client and its consent; secrets stay out of ``repr``."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Regions by id, the region of each profile, and the credentials that serve them all."""

    endpoints: Mapping[str, Endpoint]
    profiles: Mapping[str, str]
    credentials: Credentials
    countries: Mapping[str, str] = field(default_factory=dict)
    """The marketplace of each profile, where it is known."""
    ca_bundle: str | None = None
    """A file of certificates to trust instead of the public ones."""
    proxy: str | None = None
    """The URL of a proxy for all requests."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings that the environment carries.

        ``CLIENT_ID``, ``CLIENT_SECRET`` and ``REFRESH_TOKEN`` must be there. Each region is
        reached at its real hosts unless ``ADS_<region>`` and ``LWA_<region>`` say else;
        ``PROFILE_ID_<region>`` makes a profile known without listing.

        Raises:
            Misuse: when one of the three is missing or empty.
        """
        words = os.environ if environment is None else environment
        missing = [name for name in _CREDENTIALS if not words.get(name)]
        if missing:
            raise Misuse(f"set {', '.join(missing)}")
        endpoints: dict[str, Endpoint] = {}
        profiles: dict[str, str] = {}
        for name, region in load_api().regions.items():
            ads = words.get(f"ADS_{name}") or f"https://{region.ads_host}"
            lwa = words.get(f"LWA_{name}") or f"https://{region.lwa_host}"
            endpoints[name] = Endpoint(ads.rstrip("/"), lwa.rstrip("/"))
            if words.get(f"PROFILE_ID_{name}"):
                profiles[words[f"PROFILE_ID_{name}"]] = name
        held = Credentials(*(words[name] for name in _CREDENTIALS))
        return cls(endpoints, profiles, held, ca_bundle=words.get("REQUESTS_CA_BUNDLE") or None)

    @classmethod
    def from_task(cls, task: Mapping[str, Any]) -> Settings:
        """Return the settings that a task file carries."""
        endpoints = {
            region: Endpoint(bases["ads"].rstrip("/"), bases["lwa"].rstrip("/"))
            for region, bases in task["regions"].items()
        }
        profiles = {str(row["profileId"]): row["region"] for row in task["profiles"]}
        held = task["credentials"]
        credentials = Credentials(held["clientId"], held["clientSecret"], held["refreshToken"])
        countries = {str(row["profileId"]): row["countryCode"] for row in task["profiles"]}
        return cls(
            endpoints, profiles, credentials, countries, task.get("caBundle"), task.get("proxy")
        )
