"""A nightly job as it is: it knows base URLs and credentials, and nothing of cases or tasks.

It reads all campaigns of all profiles and adds one batch to the first of them.
"""

import os

from adapter import Ads

REGIONS = ("NA", "EU", "FE")


def main():
    ads = Ads(
        {
            "regions": {
                name: {"ads": os.environ[f"ADS_{name}"], "lwa": os.environ[f"LWA_{name}"]}
                for name in REGIONS
            },
            "profiles": [],
            "credentials": {
                "clientId": os.environ["CLIENT_ID"],
                "clientSecret": os.environ["CLIENT_SECRET"],
                "refreshToken": os.environ["REFRESH_TOKEN"],
            },
        }
    )
    for region in REGIONS:
        for row in ads.profiles_of(region):
            ads.home[str(row["profileId"])] = region
    for profile in ads.home:
        for resource in ("sp.campaigns", "sp.adGroups", "sp.keywords", "sp.productAds"):
            ads.list(resource, profile, pageSize=5)
    money = {"budget": 20.0, "budgetType": "DAILY"}
    items = [
        {"name": f"Night {n}", "targetingType": "MANUAL", "state": "PAUSED", "budget": money}
        for n in range(10)
    ]
    ads.write("POST", "sp.campaigns", next(iter(ads.home)), items)


if __name__ == "__main__":
    main()
