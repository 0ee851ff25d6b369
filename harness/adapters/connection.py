"""Where an adapter sends its calls, and with which credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BaseUrls:
    """Base URLs of one region, without a final slash."""

    ads: str
    """The Amazon Ads API."""
    lwa: str
    """Login with Amazon; tokens come from ``lwa + "/auth/o2/token"``."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One advertiser profile."""

    profile_id: str
    region: str
    """``NA``, ``EU`` or ``FE``."""
    country_code: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """A Login with Amazon client and its refresh token, valid in all regions."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Aws:
    """Endpoints and credentials of SQS and SNS, for Amazon Marketing Stream."""

    sqs: str
    sns: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """Everything one case says about the API that its tasks are for."""

    case: str
    seed: int
    regions: Mapping[str, BaseUrls]
    """Base URLs by region."""
    profiles: tuple[Profile, ...]
    credentials: Credentials
    ca_bundle: str | None = None
    """Path of the certificates to trust, in cases with TLS. The environment variables
    ``REQUESTS_CA_BUNDLE``, ``SSL_CERT_FILE`` and ``CURL_CA_BUNDLE`` name the same file."""
    proxy: str | None = None
    """URL of the proxy to use, with ``--through-proxy``. ``HTTPS_PROXY`` names the same."""
    aws: Aws | None = None
    """Access to queues, in cases about Amazon Marketing Stream."""

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Connection:
        """Return the connection that an adapter request describes."""
        keys = request["credentials"]
        return cls(
            case=request["case"],
            seed=request["seed"],
            regions={
                name: BaseUrls(urls["ads"].rstrip("/"), urls["lwa"].rstrip("/"))
                for name, urls in request["regions"].items()
            },
            profiles=tuple(
                Profile(row["profileId"], row["region"], row["countryCode"])
                for row in request["profiles"]
            ),
            credentials=Credentials(keys["clientId"], keys["clientSecret"], keys["refreshToken"]),
            ca_bundle=request.get("caBundle"),
            proxy=request.get("proxy"),
            aws=_aws(request.get("aws")),
        )

    def region_of(self, profile_id: str) -> str:
        """Return the region of a profile; raises KeyError for an unknown one."""
        regions = {profile.profile_id: profile.region for profile in self.profiles}
        return regions[profile_id]


def _aws(row: Mapping[str, str] | None) -> Aws | None:
    if row is None:
        return None
    keys = (row["accessKeyId"], row["secretAccessKey"])
    return Aws(row["sqs"], row["sns"], row["region"], *keys)
