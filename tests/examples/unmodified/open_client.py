"""An open client of the real service, as its users drive it; it knows nothing of any mock.

Needs the package python-amazon-ad-api.
"""

import json
import os
import sys

from ad_api.api import Profiles, sd, sp
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

profiles = Profiles(**ACCOUNT).list_profiles().payload
campaigns = sp.CampaignsV3(**ACCOUNT)
made = campaigns.create_campaigns(body=json.dumps({"campaigns": [CAMPAIGN]})).payload
(campaign,) = made["campaigns"]["success"]
wanted = {"campaignIdFilter": {"include": [campaign["campaignId"]]}}
(listed,) = campaigns.list_campaigns(body=json.dumps(wanted)).payload["campaigns"]
sd.Campaigns(**ACCOUNT).list_campaigns()
sys.stdout.write(f"{len(profiles)} profiles, {listed['name']} of {listed['startDate']}\n")
