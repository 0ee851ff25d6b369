"""What a user of amazon-ads-api-v1 does; it knows nothing of any mock."""

import gzip
import json
import os
import sys
import time
import urllib.request
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ads_api.client import AdsClient
from ads_api.config.settings import AmazonAdsConfig
from ads_api.models.v0.exports.exports import BaseUniversalApiExportRequest
from ads_api.models.v1.campaigns.sp import SPCreateCampaignRequest, SPQueryCampaignRequest
from ads_api.models.v1.reports.general import CreateReportRequest, RetrieveReportRequest

TODAY = datetime.now(ZoneInfo("America/Los_Angeles")).date()
SECRETS = {
    "client_id": os.environ["CLIENT_ID"],
    "client_secret": os.environ["CLIENT_SECRET"],
    "refresh_token": os.environ["REFRESH_TOKEN"],
}
CAMPAIGN = {
    "adProduct": "SPONSORED_PRODUCTS",
    "name": "Kettles",
    "state": "ENABLED",
    "marketplaceScope": "SINGLE_MARKETPLACE",
    "startDateTime": f"{TODAY + timedelta(days=2)}T00:00:00Z",
    "autoCreationSettings": {"autoCreateTargets": False},
    "budgets": [
        {
            "budgetType": "MONETARY",
            "budgetValue": {"monetaryBudgetValue": {"monetaryBudget": {"value": 10}}},
            "recurrenceTimePeriod": "DAILY",
        }
    ],
}


def say(flow, text):
    sys.stdout.write(f"{flow}: {text}\n")


def download(url):
    with urllib.request.urlopen(url) as reply:
        return json.loads(gzip.decompress(reply.read()))


with AdsClient(AmazonAdsConfig(**SECRETS, profile_id=os.environ["PROFILE_ID"])) as ads:
    profiles = ads.v0.accounts.profiles.list_profiles(mode="pydantic")
    wanted = {"adProductFilter": {"include": ["SPONSORED_PRODUCTS"]}}
    query = SPQueryCampaignRequest.model_validate(wanted)
    before = ads.v1.sp.campaigns.query_campaign(query, mode="pydantic").campaigns
    say("read", f"{len(profiles)} profiles, {len(before)} campaigns")

    made = ads.v1.sp.campaigns.create_campaign(
        SPCreateCampaignRequest.model_validate({"campaigns": [CAMPAIGN]}), mode="pydantic"
    )
    campaign = made.success[0].campaign
    after = ads.v1.sp.campaigns.query_campaign(query, mode="pydantic").campaigns
    assert campaign.campaignId in {each.campaignId for each in after}, after
    say("write", f"{campaign.name}: {campaign.campaignId}")

    export = ads.v0.exports.campaign_export(
        BaseUniversalApiExportRequest(adProductFilter=["SPONSORED_PRODUCTS"])
    )
    media = "application/vnd.campaignsexport.v1+json"
    while export["status"] in {"IN_PROGRESS", "PROCESSING"}:
        time.sleep(2)
        export = ads.v0.exports.get_export(export["exportId"], accept=media)
    rows = download(export["url"])
    assert campaign.campaignId in {row["campaignId"] for row in rows}, rows
    say("export", f"{len(rows)} campaigns")

with AdsClient(AmazonAdsConfig(**SECRETS)) as ads:
    accounts = ads.v0.accounts.advertising_accounts.list_ads_accounts()
    ids = [each["adsAccountId"] for each in accounts["adsAccounts"]]
    wish = {
        "accessRequestedAccounts": [{"advertiserAccountId": each} for each in ids],
        "reports": [
            {
                "format": "GZIP_JSON",
                "periods": [
                    {
                        "datePeriod": {
                            "startDate": str(TODAY - timedelta(days=6)),
                            "endDate": str(TODAY),
                        }
                    }
                ],
                "query": {
                    "fields": [
                        "date.value", "campaign.id", "adProduct.value", "budgetCurrency.value",
                        "metric.impressions", "metric.totalCost",
                    ]
                },
            }
        ],
    }  # fmt: skip
    report = ads.v1.reports.create_report(CreateReportRequest.model_validate(wish), mode="pydantic")
    asked = RetrieveReportRequest(reportIds=[report.success[0].report.reportId])
    while True:
        shown = ads.v1.reports.retrieve_report(asked, mode="pydantic").success[0].report
        if shown.status not in {"PENDING", "PROCESSING"}:
            break
        time.sleep(2)
    rows = [row for part in shown.completedReportParts for row in download(part.url)]
    assert sum(row["metric.impressions"] for row in rows), rows
    say("report", f"{len(rows)} rows")
