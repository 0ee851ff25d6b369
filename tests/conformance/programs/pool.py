"""A thread pool with one thread per profile: each raises the bids of its keywords."""

from concurrent.futures import ThreadPoolExecutor

import api

BATCH = 100


def tend(ads, profile):
    keywords = list(ads.list("keywords", profile, size=500))[:150]
    bids = [{"keywordId": one["keywordId"], "bid": round(one["bid"] + 0.1, 2)} for one in keywords]
    for start in range(0, len(bids), BATCH):
        ads.write("PUT", "keywords", profile, bids[start : start + BATCH])
    api.say(f"{profile}: {len(bids)} bids")


def tend_region(region):
    ads = api.Api(region)
    with ThreadPoolExecutor(8) as pool:
        started = [pool.submit(tend, ads, profile) for profile in ads.profiles()]
    api.each(started, lambda one: one.result())


def jobs():
    """Return a job for each region, which all run at once."""
    with ThreadPoolExecutor(3) as pool:
        return [pool.submit(tend_region, region).result for region in ("NA", "EU", "FE")]


if __name__ == "__main__":
    api.ended(jobs())
