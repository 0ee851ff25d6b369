"""Addresses, profiles and credentials of a client, from the environment or a task file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .api import load_api
from .errors import Misuse

_CREDENTIALS = ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The two base URLs of one region, without a trailing slash."""

    ads: str
    lwa: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """A Login with Amazon client and its refresh token; ``repr`` shows no secret."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """Endpoints and credentials of SQS and SNS in one AWS region, for Marketing Stream."""

    sqs: str
    sns: str
    region: str
    key_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The endpoints by region, the region of each profile, and the credentials for all."""

    endpoints: Mapping[str, Endpoint]
    profiles: Mapping[str, str]
    credentials: Credentials
    countries: Mapping[str, str] = field(default_factory=dict)
    """The country code of each profile, where it is known."""
    ca_bundle: str | None = None
    """A file of certificate authorities to trust instead of the public ones."""
    proxy: str | None = None
    """The URL of a proxy for all requests."""
    aws: AwsAccess | None = None
    """Where the queues of Marketing Stream are, if it is used."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings in environment variables.

        ``CLIENT_ID``, ``CLIENT_SECRET`` and ``REFRESH_TOKEN`` are required. ``ADS_<region>`` and
        ``LWA_<region>`` replace the real hosts of a region; ``PROFILE_ID_<region>`` adds a profile.

        Raises:
            Misuse: a required variable is missing or empty.
        """
        variables = os.environ if environment is None else environment
        missing = [name for name in _CREDENTIALS if not variables.get(name)]
        if missing:
            raise Misuse(f"missing credentials in the environment: set {', '.join(missing)}")
        endpoints: dict[str, Endpoint] = {}
        profiles: dict[str, str] = {}
        for name, region in load_api().regions.items():
            ads = variables.get(f"ADS_{name}") or f"https://{region.ads_host}"
            lwa = variables.get(f"LWA_{name}") or f"https://{region.lwa_host}"
            endpoints[name] = Endpoint(ads.rstrip("/"), lwa.rstrip("/"))
            if variables.get(f"PROFILE_ID_{name}"):
                profiles[variables[f"PROFILE_ID_{name}"]] = name
        credentials = Credentials(*(variables[name] for name in _CREDENTIALS))
        ca_bundle = variables.get("REQUESTS_CA_BUNDLE") or None
        return cls(endpoints, profiles, credentials, ca_bundle=ca_bundle)

    @classmethod
    def from_task(cls, task: Mapping[str, Any]) -> Settings:
        """Return the settings in a task file."""
        endpoints = {
            region: Endpoint(bases["ads"].rstrip("/"), bases["lwa"].rstrip("/"))
            for region, bases in task["regions"].items()
        }
        profiles = {str(row["profileId"]): row["region"] for row in task["profiles"]}
        held = task["credentials"]
        credentials = Credentials(held["clientId"], held["clientSecret"], held["refreshToken"])
        countries = {str(row["profileId"]): row["countryCode"] for row in task["profiles"]}
        return cls(
            endpoints,
            profiles,
            credentials,
            countries,
            task.get("caBundle"),
            task.get("proxy"),
            _aws_access(task.get("aws")),
        )


def _aws_access(row: Mapping[str, str] | None) -> AwsAccess | None:
    if row is None:
        return None
    keys = (row["accessKeyId"], row["secretAccessKey"])
    return AwsAccess(row["sqs"], row["sns"], row["region"], *keys)
