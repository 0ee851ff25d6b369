"""Any sequence of calls leaves campaigns in the portfolios that a dictionary says, and a history.

Three families share the portfolios of one profile. The history tells every change of two of them.
"""

from functools import cache
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import NOON, campaign, value

NUMBERS = count()
home = cache(fixtures.runtime)
PORTFOLIO = "application/vnd.spPortfolio.v3+json"
JSON = "application/json"
BRAND = {"budget": 10.0, "budgetType": "DAILY", "state": "ENABLED"}
DISPLAY = {"tactic": "T00020", "state": "enabled", "startDate": "20270101"}
WAYS = {
    "sp": ("/sp/campaigns", "application/vnd.spCampaign.v3+json", campaign()),
    "sb": ("/sb/v4/campaigns", "application/vnd.sbcampaignresource.v4+json", BRAND),
    "sd": ("/sd/campaigns", JSON, DISPLAY),
}
FAMILIES = st.sampled_from(sorted(WAYS))
NAMES = st.sampled_from(("A", "B", "C"))
PICKS = st.integers(0, 3)
"""Positions in a list of ids; beyond it, an unknown id."""
MOST = 50
DAY = 86_400_000


class Portfolios(RuleBasedStateMachine):
    """One profile: portfolios by id, and campaigns by family and id with what they should say."""

    @initialize()
    def open(self):
        self.own = fixtures.create_server(home(), f"portfolios{next(NUMBERS)}")
        self.names = {}
        self.campaigns = {family: {} for family in WAYS}
        self.reported = {}
        for name in ("A", "B"):
            self.add_portfolio(name)
        for family in WAYS:
            self.add_campaign(family, None)

    def portfolio(self, place):
        ids = sorted(self.names)
        return ids[place] if place < len(ids) else "12345"

    def send(self, path, media, items, method="POST"):
        key = path.rpartition("/")[2]
        body = items if path.startswith("/sd") else {key: items}
        answer = value(self.own.call(path, body, method, media=media))
        if isinstance(answer, list):
            (row,) = answer
            return str(row["campaignId"]) if row["code"] == "SUCCESS" else None
        (row,) = answer[key]["success"] or [None]
        return row and next(row[name] for name in row if name.endswith("Id"))

    @rule(name=NAMES)
    def create_portfolio(self, name):
        self.add_portfolio(name)

    def add_portfolio(self, name):
        item = {"name": name, "state": "ENABLED"}
        made = self.send("/portfolios", PORTFOLIO, [item])
        assert (made is None) == (name in self.names.values())
        if made:
            self.names[made] = name

    @rule(place=PICKS, name=NAMES)
    def rename_portfolio(self, place, name):
        found = self.portfolio(place)
        done = self.send("/portfolios", PORTFOLIO, [{"portfolioId": found, "name": name}], "PUT")
        others = {each for own, each in self.names.items() if own != found}
        assert (done is not None) == (found in self.names and name not in others)
        if done:
            self.names[found] = name

    def written(self, family, found):
        return None if found is None else int(found) if family == "sd" else found

    @rule(family=FAMILIES, place=st.none() | PICKS)
    def create_campaign(self, family, place):
        self.add_campaign(family, place)

    def add_campaign(self, family, place):
        path, media, item = WAYS[family]
        found = None if place is None else self.portfolio(place)
        named = {} if found is None else {"portfolioId": self.written(family, found)}
        made = self.send(path, media, [{**item, "name": f"C{next(NUMBERS)}", **named}])
        assert (made is not None) == (found is None or found in self.names)
        if made:
            self.campaigns[family][made] = (found, "ENABLED")
            self.reported[made] = [("CREATED", "", "")]

    @rule(family=FAMILIES, which=PICKS, place=st.none() | PICKS, is_paused=st.booleans())
    def change_campaign(self, family, which, place, is_paused):
        ids = sorted(self.campaigns[family])
        if which >= len(ids):
            return
        path, media, _ = WAYS[family]
        found = None if place is None else self.portfolio(place)
        state = "PAUSED" if is_paused else "ENABLED"
        change = {
            "campaignId": self.written(family, ids[which]),
            "portfolioId": self.written(family, found),
            "state": state.lower() if family == "sd" else state,
        }
        done = self.send(path, media, [change], "PUT")
        assert (done is not None) == (found is None or found in self.names)
        if done:
            own, (where, was) = ids[which], self.campaigns[family][ids[which]]
            self.campaigns[family][own] = (found, state)
            self.reported[own] += [("STATUS", was, state)] * (was != state)
            self.reported[own] += [("PORTFOLIO", where or "", found or "")] * (where != found)

    @rule(seconds=st.integers(0, 3600))
    def wait(self, seconds):
        self.own.sandbox.clock.advance(seconds)

    @invariant()
    def campaigns_are_found_by_their_portfolio(self):
        for found in getattr(self, "names", ()):
            for family, held in self.campaigns.items():
                wanted = {own for own, (where, _) in held.items() if where == found}
                assert self.listed(family, found) == wanted

    def listed(self, family, found):
        path, media, _ = WAYS[family]
        if family == "sd":
            query = f"{path}?portfolioIdFilter={found}"
            rows = value(self.own.call(query, b"", "GET", media=media))
        else:
            body = {"portfolioIdFilter": {"include": [found]}}
            rows = value(self.own.call(f"{path}/list", body, media=media))["campaigns"]
        return {str(row["campaignId"]) for row in rows}

    def teardown(self):
        if not hasattr(self, "own"):
            return
        seen = {}
        for event in self.events():
            row = (event["changeType"], event["previousValue"], event["newValue"])
            seen.setdefault(event["entityId"], []).append(row)
        reported = {**self.campaigns["sp"], **self.campaigns["sb"]}
        assert seen == {own: self.reported[own] for own in reported}

    def events(self):
        types = {"CAMPAIGN": {"parents": [{"useProfileIdAdvertiser": True}]}}
        start = int(NOON * 1000)
        body = {"eventTypes": types, "fromDate": start - DAY, "toDate": start + 9 * DAY}
        body |= {"count": MOST, "sort": {"key": "DATE", "direction": "ASC"}}
        found = []
        while True:
            page = value(self.own.call("/history", body, media=JSON))
            found += page["events"]
            if "nextToken" not in page:
                return found
            body["nextToken"] = page["nextToken"]


TestPortfolios = Portfolios.TestCase
TestPortfolios.settings = settings(stateful_step_count=30)
