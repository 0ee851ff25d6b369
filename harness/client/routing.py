"""The region of each profile, and the addresses of each region.

A profile's data exists in one region only, so there is no fallback: while a region is unavailable,
its calls wait. Source: WAF, fundamental component, regions (documented).
"""

from __future__ import annotations

from .api import unknown
from .errors import Misuse
from .settings import Endpoint, Settings


class Router:
    """Maps profiles to regions, and regions to addresses."""

    def __init__(self, settings: Settings) -> None:
        self._endpoints = dict(settings.endpoints)
        self._region_by_profile = dict(settings.profiles)
        self._countries = dict(settings.countries)

    @property
    def regions(self) -> tuple[str, ...]:
        """All regions, in the order of the settings."""
        return tuple(self._endpoints)

    def region_of(self, profile: str) -> str:
        """Return the region of a profile.

        Raises:
            Misuse: the profile was neither configured nor listed.
        """
        try:
            return self._region_by_profile[profile]
        except KeyError:
            raise Misuse(
                f"unknown profile {profile}: call list_profiles for its region first"
            ) from None

    def country_of(self, profile: str) -> str | None:
        """Return the country code of the profile's marketplace, None if unknown."""
        return self._countries.get(profile)

    def learn(self, profile: str, region: str, country: str | None = None) -> None:
        """Remember the region and the marketplace of a listed profile."""
        self._region_by_profile.setdefault(profile, region)
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
            raise unknown("region", region, self._endpoints) from None
