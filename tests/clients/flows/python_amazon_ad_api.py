"""What a user of python-amazon-ad-api does; it knows nothing of any mock."""

import json
import os
import sys
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ad_api.api import Exports, Profiles, sd, sp
from ad_api.api.reports import Reports
from ad_api.base import Marketplaces

ACCOUNT = {
    "marketplace": Marketplaces.US,
    "credentials": {
        "refresh_token": os.environ["REFRESH_TOKEN"],
        "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"],
        "profile_id": os.environ["PROFILE_ID"],
    },
}
CAMPAIGN = {
    "name": "Kettles",
    "state": "ENABLED",
    "targetingType": "MANUAL",
    "budget": {"budget": 10, "budgetType": "DAILY"},
}


def say(flow, text):
    sys.stdout.write(f"{flow}: {text}\n")


def finished(look, name):
    """Return the job once ``look`` shows that it has ended."""
    while (job := look().payload)["status"] in {"IN_PROGRESS", "PENDING", "PROCESSING"}:
        time.sleep(2)
    assert job["status"] == "COMPLETED", job
    return job[name]


profiles = Profiles(**ACCOUNT).list_profiles().payload
shown = sd.Campaigns(**ACCOUNT).list_campaigns().payload
say("read", f"{len(profiles)} profiles, {len(shown)} display campaigns")

campaigns = sp.CampaignsV3(**ACCOUNT)
made = campaigns.create_campaigns(body=json.dumps({"campaigns": [CAMPAIGN]})).payload
(campaign,) = made["campaigns"]["success"]
change = {"campaignId": campaign["campaignId"], "budget": {"budget": 12, "budgetType": "DAILY"}}
campaigns.edit_campaigns(body=json.dumps({"campaigns": [change]}))
wanted = {"campaignIdFilter": {"include": [campaign["campaignId"]]}}
(listed,) = campaigns.list_campaigns(body=json.dumps(wanted)).payload["campaigns"]
assert listed["budget"]["budget"] == 12, listed
say("write", f"{listed['name']} with a budget of {listed['budget']['budget']}")

exports = Exports(**ACCOUNT)
body = json.dumps({"adProductFilter": ["SPONSORED_PRODUCTS"]})
export = exports.campaigns_export(body=body).payload["exportId"]
url = finished(lambda: exports.get_export(exportId=export, typeExport="campaigns"), "url")
rows = Reports(**ACCOUNT).download_report(url=url, format="data").payload
rows = json.loads(rows) if isinstance(rows, str | bytes) else rows
assert any(row["campaignId"] == campaign["campaignId"] for row in rows), rows
say("export", f"{len(rows)} campaigns")

reports = Reports(**ACCOUNT)
today = datetime.now(ZoneInfo("America/Los_Angeles")).date()
wish = {
    "startDate": str(today - timedelta(days=6)),
    "endDate": str(today),
    "configuration": {
        "adProduct": "SPONSORED_PRODUCTS",
        "groupBy": ["campaign"],
        "columns": ["date", "campaignId", "impressions", "clicks", "cost"],
        "reportTypeId": "spCampaigns",
        "timeUnit": "DAILY",
        "format": "GZIP_JSON",
    },
}
report = reports.post_report(body=json.dumps(wish)).payload["reportId"]
url = finished(lambda: reports.get_report(reportId=report), "url")
rows = reports.download_report(url=url, format="data").payload
rows = json.loads(rows) if isinstance(rows, str | bytes) else rows
assert sum(row["impressions"] for row in rows), rows
say("report", f"{len(rows)} rows")
