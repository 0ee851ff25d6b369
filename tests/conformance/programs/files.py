"""A one-shot job: one export and one report of one profile, and nothing else."""

import os
from datetime import UTC, datetime, timedelta

import api


def report():
    today = datetime.now(UTC).date()  # noqa: TID251 -- a program of its own
    return {
        "startDate": (today - timedelta(days=8)).isoformat(),
        "endDate": (today - timedelta(days=2)).isoformat(),
        "configuration": {
            "adProduct": "SPONSORED_PRODUCTS",
            "groupBy": ["campaign"],
            "columns": ["campaignId", "impressions", "clicks", "cost"],
            "reportTypeId": "spCampaigns",
            "timeUnit": "SUMMARY",
            "format": "GZIP_JSON",
        },
    }


def work():
    ads, profile = api.Api("NA"), os.environ["PROFILE_ID_NA"]
    wanted = {"adProductFilter": ["SPONSORED_PRODUCTS"]}
    exported = ads.file("/campaigns/export", "/exports", profile, api.EXPORT, wanted)
    found = ads.file("/reporting/reports", "/reporting/reports", profile, api.REPORT, report())
    api.say(f"{len(exported)} campaigns exported, {len(found)} rows reported")


if __name__ == "__main__":
    api.ended([work])
