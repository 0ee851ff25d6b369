"""Which region a profile lives in, and where that region is reached.

A profile's data exists in one region only. So there is no fallback here: while a region is dark
its calls wait for it, and no other host is asked. Source: WAF, fundamental component, regions
(documented). Must not know operations, tokens or retries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import Misuse

if TYPE_CHECKING:
    from .settings import Endpoint, Settings


class Router:
    """Profiles to regions, regions to addresses."""

    def __init__(self, settings: Settings) -> None:
        self._endpoints = dict(settings.endpoints)
        self._homes = dict(settings.profiles)
        self._countries = dict(settings.countries)

    @property
    def regions(self) -> tuple[str, ...]:
        """All regions that this client may use, in the order of the settings."""
        return tuple(self._endpoints)

    def region_of(self, profile: str) -> str:
        """Return the one region where this profile lives.

        Raises:
            Misuse: when the profile was neither configured nor listed.
        """
        try:
            return self._homes[profile]
        except KeyError:
            raise Misuse(f"unknown profile {profile}: list the profiles of its region") from None

    def country_of(self, profile: str) -> str | None:
        """Return the country code of the profile's marketplace, None when it is not known."""
        return self._countries.get(profile)

    def learn(self, profile: str, region: str, country: str | None = None) -> None:
        """Remember where a listed profile was found, and its marketplace."""
        self._homes.setdefault(profile, region)
        if country:
            self._countries.setdefault(profile, country)

    def ads(self, region: str) -> str:
        """Return the base address of a region's Ads API."""
        return self._endpoint(region).ads

    def lwa(self, region: str) -> str:
        """Return the base address of a region's Login with Amazon."""
        return self._endpoint(region).lwa

    def _endpoint(self, region: str) -> Endpoint:
        try:
            return self._endpoints[region]
        except KeyError:
            raise Misuse(f"unknown region {region}") from None
