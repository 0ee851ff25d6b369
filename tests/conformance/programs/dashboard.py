"""A dashboard that only reads: campaigns and ad groups of each profile in NA and EU."""

from functools import partial

import api


def show(ads, profile):
    campaigns = list(ads.list("campaigns", profile, size=1000))
    groups = list(ads.list("adGroups", profile, size=1000))
    api.say(f"{profile}: {len(campaigns)} campaigns, {len(groups)} ad groups")


def show_region(region):
    ads = api.Api(region)
    api.each(ads.profiles(), partial(show, ads))


def jobs():
    return [partial(show_region, region) for region in ("NA", "EU")]


if __name__ == "__main__":
    api.ended(jobs())
