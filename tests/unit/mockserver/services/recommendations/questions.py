"""One valid question for every recommendation, and an account that it can be about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from adsmock.contracts.model import Contract, Operation, Version
from adsmock.mockserver.core.call import Reply
from tests.unit.mockserver import fixtures

ASIN = "B0AAAAAAAA"
_CLAUSE = {"expressionType": "manual", "expression": [{"type": "asinSameAs", "value": ASIN}]}
_THEMES = {"product": [{"name": "dear", "expression": [{"type": "asinPriceGreaterThan"}]}]}

BODIES: dict[str, Any] = {
    "sp.advice.budgets": {"campaignIds": ["{campaign}", "4"]},
    "sp.advice.bids": {
        "recommendationType": "BIDS_FOR_EXISTING_AD_GROUP",
        "campaignId": "{campaign}",
        "adGroupId": "{group}",
        "targetingExpressions": [
            {"type": "KEYWORD_EXACT_MATCH", "value": "lamp"},
            {"type": "CLOSE_MATCH"},
        ],
        "includeAnalysis": True,
    },
    "sp.advice.keywords": {
        "recommendationType": "KEYWORDS_FOR_ASINS",
        "asins": [ASIN],
        "maxRecommendations": 5,
        "targets": [{"keyword": "mine", "matchType": "EXACT"}],
    },
    "sp.advice.products": {"adAsins": [ASIN], "count": 3},
    "sp.advice.categories": {"asins": [ASIN], "includeAncestor": True},
    "sp.advice.counts": {"category": "1"},
    "sp.advice.brandSearch": {"keyword": "acme"},
    "sp.advice.events": {"campaignId": "{campaign}"},
    "sp.initialBudgets.budgets": {
        "adGroups": [{"asins": [ASIN], "targetingExpressions": [{"type": "CLOSE_MATCH"}]}],
        "bidding": {"strategy": "MANUAL"},
        "targetingType": "auto",
    },
    "sp.globalAdvice.bids": {
        "recommendationType": "BIDS_FOR_NEW_AD_GROUP",
        "countryCodes": ["US", "XX"],
        "products": [{"US": {"asin": ASIN}}],
        "bidding": {"strategy": "MANUAL"},
        "targetingExpressions": [{"type": "KEYWORD_EXACT_MATCH", "countryValues": {"US": "lamp"}}],
        "includeAnalysis": True,
    },
    "sp.globalAdvice.keywords": {
        "recommendationType": "KEYWORDS_FOR_ASINS",
        "products": [{"US": {"asin": ASIN}}],
        "targets": [{"countryKeywords": {"US": {"value": "mine"}}, "matchType": "EXACT"}],
        "maxRecommendations": 3,
    },
    "sp.suggestions.asins": {"asins": [ASIN], "maxNumSuggestions": 3},
    "sb.advice.counts": {"category": "1"},
    "sb.advice.headlines": {"asins": [ASIN], "maxNumSuggestions": 3},
    "sb.advice.forecasts": {
        "campaigns": [
            {"adGroups": [{}], "budget": 10, "budgetType": "DAILY", "forecastType": "WEEKLY"}
        ]
    },
    "sb.budgetAdvice.budgets": {"campaignIds": ["{brands}", "4"]},
    "sb.budgetAdvice.costs": {
        "costControlMetric": "COST_PER_CLICK",
        "landingPages": [{"url": "https://shop.test"}],
    },
    "sb.suggestions.events": {"campaignId": "{brands}"},
    "sb.suggestions.bids": {
        "keywords": [
            {"keywordText": "lamp", "matchType": "broad"},
            {"keywordText": "a b c d e f g h i j k", "matchType": "broad"},
        ],
        "targets": [
            [{"type": "asinSameAs", "value": ASIN}],
            [{"type": "asinSameAs", "value": "none"}],
        ],
        "themeTypes": ["NONE", "KEYWORDS_RELATED_TO_YOUR_BRAND"],
    },
    "sb.suggestions.keywords": {"asins": [ASIN], "maxNumSuggestions": 3},
    "sb.suggestions.brands": {"keyword": "acme"},
    "sb.suggestions.categories": {"asins": [ASIN]},
    "sb.suggestions.products": {
        "filters": [{"filterType": "ASINS", "values": [ASIN]}],
        "maxResults": 3,
    },
    "sd.advice.targets": {
        "products": [{"asin": ASIN}],
        "tactic": "T00020",
        "typeFilter": ["PRODUCT"],
        "themes": _THEMES,
    },
    "sd.advice.bids": {
        "products": [{"asin": ASIN}],
        "bidOptimization": "clicks",
        "costType": "cpc",
        "targetingClauses": [{"targetingClause": _CLAUSE}],
    },
    "sd.advice.budgets": {"campaignIds": ["{display}", "4"]},
    "sd.advice.headlines": {"asins": [ASIN]},
    "sd.advice.forecasts": {
        "campaign": {},
        "adGroup": {},
        "productAds": [{"asin": ASIN}],
        "targetingClauses": [{}],
    },
}
ACCOUNT = "Amazon-Ads-AccountId"
QUERIES = {
    "sb.advice.categoryTree": "?supplySource=AMAZON",
    "sp.suggestions.adGroup": "?maxNumSuggestions=3",
    "sp.suggestions.extended": "?suggestBids=yes&maxNumSuggestions=3",
    "sp.suggestions.asin": "?maxNumSuggestions=3",
}
PATH = {"adGroupId": "{group}", "asinValue": ASIN, "categoryId": "1", "categoryRefinementId": "1"}

CONTRACTS: list[Contract] = [
    one for one in fixtures.contract_set().by_name.values() if one.shape == "advice"
]
ASKED: list[tuple[Contract, Operation, Version]] = [
    (one, row, version)
    for one in CONTRACTS
    for row in one.operations
    for version in row.versions or (Version(row.reply, row.gives, row.request, row.takes),)
]
NAMES = [f"{row.id}-{version.reply.rpartition('/')[2]}" for _, row, version in ASKED]


@dataclass
class Account:
    """A client with campaigns of each family, and the ids by which questions call them."""

    server: fixtures.ServerFixture
    ids: dict[str, str]

    def ask(self, operation: Operation, version: Version, body: Any = None) -> Reply:
        """Return the reply to the operation's question, or to another ``body``."""
        asked = BODIES.get(operation.id) if body is None else body
        path = operation.path
        for name, value in PATH.items():
            path = path.replace(f"{{{name}}}", value)
        return self.send(
            f"{path}{QUERIES.get(operation.id, '')}",
            asked if version.request else b"",
            operation.method,
            version.request or "application/json",
            version.reply,
        )

    def send(
        self,
        path: str,
        body: Any,
        method: str = "POST",
        media: str = "",
        accept: str = "",
        **more: str,
    ) -> Reply:
        """Return the reply to a call whose texts may name the account's ids in braces."""
        filled = body if isinstance(body, bytes) else self.filled(body)
        headers = self.server.headers(media=media, Accept=accept or media)
        headers |= {ACCOUNT: self.ids["account"], **more}
        return self.server.send(method, self._text(path), filled, headers)

    def filled(self, body: Any) -> Any:
        """Return a body with ids in the place of their names."""
        if isinstance(body, dict):
            return {name: self.filled(value) for name, value in body.items()}
        if isinstance(body, list):
            return [self.filled(value) for value in body]
        return self._text(body) if isinstance(body, str) else body

    def _text(self, text: str) -> str:
        for name, value in self.ids.items():
            text = text.replace(f"{{{name}}}", value)
        return text


def account(name: str = "advice", **request: Any) -> Account:
    """Return an account with a manual and an automatic campaign, and one of each other family."""
    own = fixtures.create_server(fixtures.runtime(), name, **request)
    rows = [fixtures.campaign(), fixtures.campaign("Auto", targetingType="AUTO")]
    manual, auto = _made(own, "/sp/campaigns", "campaigns", rows, fixtures.CAMPAIGN)
    groups = [
        {"name": "All", "campaignId": each, "defaultBid": 0.5, "state": "ENABLED"}
        for each in (manual, auto)
    ]
    media = "application/vnd.spAdGroup.v3+json"
    group, other = _made(own, "/sp/adGroups", "adGroups", groups, media)
    keyword = {"campaignId": manual, "adGroupId": group, "state": "ENABLED"} | _LAMP
    media = "application/vnd.spKeyword.v3+json"
    _made(own, "/sp/keywords", "keywords", [keyword], media)
    media = "application/vnd.sbcampaignresource.v4+json"
    (brands,) = _made(own, "/sb/v4/campaigns", "campaigns", [_BRAND], media)
    media = "application/vnd.listaccountsresource.v1+json"
    accounts = orjson.loads(own.call("/adsAccounts/list", {}, media=media).body)["adsAccounts"]
    display = orjson.loads(own.call("/sd/campaigns", [_SHOWN], media="application/json").body)
    return Account(
        own,
        {
            "campaign": manual,
            "auto": auto,
            "group": group,
            "other": other,
            "brands": brands,
            "account": accounts[0]["adsAccountId"],
            "display": str(display[0]["campaignId"]),
        },
    )


_LAMP = {"keywordText": "lamp", "matchType": "EXACT"}
_BRAND = {
    "name": "Brand", "budget": 20.0, "budgetType": "DAILY", "state": "ENABLED",
    "brandEntityId": "ENTITY1",
}  # fmt: skip
_SHOWN = {
    "name": "Display", "tactic": "T00020", "budget": 30.0, "budgetType": "daily",
    "costType": "cpc", "state": "enabled", "startDate": "20260801",
}  # fmt: skip


def _made(
    own: fixtures.ServerFixture, path: str, envelope: str, rows: list[dict[str, Any]], media: str
) -> list[str]:
    """Return the ids of entities made."""
    identity = f"{envelope[:-1]}Id"
    done = orjson.loads(own.call(path, {envelope: rows}, media=media).body)
    return [row[identity] for row in done[envelope]["success"]]
