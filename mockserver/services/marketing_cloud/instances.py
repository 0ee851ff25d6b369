"""Accounts and instances of Marketing Cloud.

Sources are in the contracts ``amc.accounts`` and ``amc.instances``.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.marketing_cloud.account import (
    Instance,
    account_id,
    instance_of,
    instances_of,
    profile_of,
)
from adsmock.mockserver.services.marketing_cloud.pages import page_of
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import company_name

_MADE = 1_704_067_200.0  # 2024-01-01


def list_accounts(context: RequestContext) -> Document:
    """Return a page of the client's accounts.

    Raises:
        ApiError: 400, another list gave the token.
    """
    sandbox = context.sandbox
    rows = [
        {
            "accountId": account_id(sandbox, profile),
            "accountName": company_name(sandbox, profile),
            "marketplaceId": profile.marketplace_id,
        }
        for profile in sandbox.profiles.values()
    ]
    return page_of(context, "amcAccounts", rows)


def list_instances(context: RequestContext) -> Document:
    """Return a page of the account's instances.

    Raises:
        ApiError: 400 or 403, the headers name no account; 422, the limit is invalid.
    """
    found = instances_of(context.sandbox, profile_of(context))
    return page_of(context, "instances", [_shown(context, each) for each in found])


def get_instance(context: RequestContext) -> Document:
    """Return one instance of the account.

    Raises:
        ApiError: 400 or 403, the headers or the path name nothing that the client can use.
    """
    return Document({"instance": _shown(context, instance_of(context))})


def _shown(context: RequestContext, instance: Instance) -> dict[str, Any]:
    sandbox, profile = context.sandbox, instance.profile
    seed = (sandbox.seed, "amc", instance.id)
    return {
        "instanceId": instance.id,
        "instanceName": instance.id + ("sandbox" if instance.is_synthetic else ""),
        "instanceType": "SANDBOX" if instance.is_synthetic else "STANDARD",
        "customerCanonicalName": company_name(sandbox, profile),
        "creationStatus": "COMPLETED",
        "creationDatetime": format_utc(_MADE, "seconds"),
        "s3BucketName": "",
        "s3BucketRegion": None,
        "awsAccountId": "",
        "dataUploadAwsAccountId": f"{seeded_random.integer(10**12, *seed):012}",
        "entities": [account_id(sandbox, profile)],
        "apiEndpoint": f"https://{load().regions[profile.region].ads_host}",
        "advertiserTypes": ["SPONSORED_ADS"],
        "acrCollaboration": None,
        "optionalDatasets": [],
    }
