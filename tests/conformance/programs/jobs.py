"""A job runner: each job lists the profiles first, with a token of its own."""

from functools import partial

import api

JOBS = ("campaigns", "adGroups", "keywords")


def read(kind):
    ads = api.Api("NA")
    api.each(ads.profiles()[:2], partial(tend, ads, kind))


def tend(ads, kind, profile):
    found = list(ads.list(kind, profile, size=1000))
    api.say(f"{profile}: {len(found)} {kind}")
    if kind == "campaigns" and found:
        raised = [
            {
                "campaignId": one["campaignId"],
                "budget": one["budget"] | {"budget": one["budget"]["budget"] + 5},
            }
            for one in found[:20]
        ]
        ads.write("PUT", "campaigns", profile, raised)


def jobs():
    return [partial(read, kind) for kind in JOBS]


if __name__ == "__main__":
    api.ended(jobs())
