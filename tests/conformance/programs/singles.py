"""A form handler: creates campaigns, ad groups and keywords, one item a call."""

import os

import api

BUDGET = {"budget": 20.0, "budgetType": "DAILY"}


def name(number):
    return f"Form {number}"


def work():
    ads, profile = api.Api("NA"), os.environ["PROFILE_ID_NA"]

    def add(kind, item):
        return ads.write("POST", kind, profile, [item])[0]

    for number in range(1, 4):
        paused = {"state": "PAUSED"}
        campaign = {"name": name(number), "targetingType": "MANUAL", "budget": BUDGET, **paused}
        parent = {"campaignId": add("campaigns", campaign)}
        group = {**parent, "name": "Group", "defaultBid": 0.5, **paused}
        below = {**parent, "adGroupId": add("adGroups", group)}
        for text in ("night light", "reading lamp"):
            keyword = {**below, "keywordText": text, "matchType": "EXACT", "bid": 0.5, **paused}
            add("keywords", keyword)
    api.say("3 campaigns created")


if __name__ == "__main__":
    api.ended([work])
