"""Where the client works and as whom.

Knows the wire names of a task file's ``regions``, ``profiles`` and ``credentials``. Must not know
verbs or anything that is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
        return cls(endpoints, profiles, credentials, countries, task.get("caBundle"))
