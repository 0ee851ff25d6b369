"""The same two operations as somebody would write them with FastAPI: models, a dictionary, lists.

Run as a program with a port: serves until it is stopped. Stateful, validates types, knows no
token, scope, quota, uniqueness or journal.
"""

# ruff: noqa: N815 -- the wire's names

from __future__ import annotations

import sys
from itertools import count, islice

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Budget(BaseModel):
    budgetType: str
    budget: float


class Placement(BaseModel):
    placement: str
    percentage: int


class Bidding(BaseModel):
    strategy: str
    placementBidding: list[Placement] = []


class Campaign(BaseModel):
    name: str
    state: str
    targetingType: str
    startDate: str | None = None
    endDate: str | None = None
    budget: Budget
    dynamicBidding: Bidding | None = None
    tags: dict[str, str] = {}


class Stored(Campaign):
    campaignId: str


class Batch(BaseModel):
    campaigns: list[Campaign]


class Success(BaseModel):
    index: int
    campaignId: str
    campaign: Stored


class Outcome(BaseModel):
    success: list[Success]
    error: list[dict[str, str]] = []


class Created(BaseModel):
    campaigns: Outcome


class Wanted(BaseModel):
    maxResults: int = 100


class Page(BaseModel):
    campaigns: list[Stored]
    totalResults: int


app = FastAPI()
store: dict[str, Stored] = {}
numbers = count(100_000_000_000_000)


@app.post("/sp/campaigns", status_code=207)
async def create(batch: Batch) -> Created:
    rows = []
    for index, campaign in enumerate(batch.campaigns):
        stored = Stored(**campaign.model_dump(), campaignId=str(next(numbers)))
        store[stored.campaignId] = stored
        rows.append(Success(index=index, campaignId=stored.campaignId, campaign=stored))
    return Created(campaigns=Outcome(success=rows))


@app.post("/sp/campaigns/list")
async def list_all(wanted: Wanted) -> Page:
    page = list(islice(store.values(), wanted.maxResults))
    return Page(campaigns=page, totalResults=len(store))


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
