"""Any sequence of calls leaves the accounts of a client as plain dictionaries say they should be.

Managers hold the accounts that were linked and not unlinked; registered accounts come after those
of the profiles, pending at first; terms are accepted by time and used once.
"""

from functools import cache
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from adsmock.mockserver.services.accounts.ads_accounts import SETUP_SECONDS
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import value

NUMBERS = count()
home = cache(fixtures.runtime)
LIST = "application/vnd.listaccountsresource.v1+json"
REGISTER = "application/vnd.registeradsaccountresource.v1+json"
TERMS = "application/vnd.GlobalRegistrationService.TermsTokenResource.v1.0+json"
MANAGER = "application/vnd.createmanageraccountrequest.v1+json"
LINK = "application/vnd.updateadvertisingaccountsinmanageraccountrequest.v1+json"
PICKS = st.integers(0, 3)
"""Positions in a list; beyond it, an unknown id."""


class Accounts(RuleBasedStateMachine):
    """One client: its managers with what is linked, its terms and accounts by the time made."""

    @initialize()
    def open(self):
        self.own = fixtures.create_server(home(), f"accounts{next(NUMBERS)}")
        self.held = [each.account_id for each in self.own.sandbox.profiles.values()]
        self.grouped = len(self.listed(100))
        self.managers, self.terms, self.registered = {}, {}, {}
        self.now = 0.0

    def post(self, path, body, media):
        reply = self.own.call(path, body, media=media, Accept="*/*")
        return reply.status, value(reply)

    def listed(self, size):
        rows, body = [], {"maxResults": size}
        while True:
            status, page = self.post("/adsAccounts/list", body, LIST)
            assert status == 200
            assert len(page["adsAccounts"]) <= size
            rows += page["adsAccounts"]
            if "nextToken" not in page:
                return rows
            body["nextToken"] = page["nextToken"]

    @rule()
    def make_manager(self):
        body = {"managerAccountName": "M", "managerAccountType": "Agency"}
        status, made = self.post("/managerAccounts", body, MANAGER)
        assert status == 200
        self.managers[made["managerAccountId"]] = []

    @rule(which=PICKS, picks=st.lists(PICKS, max_size=3), is_linked=st.booleans())
    def link(self, which, picks, is_linked):
        found = [*self.managers, "unknown"][min(which, len(self.managers))]
        ids = [[*self.held, "unknown"][-1 - place] for place in picks]
        verb = "associate" if is_linked else "disassociate"
        rows = [{"id": each, "type": "ACCOUNT_ID", "roles": ["ENTITY_OWNER"]} for each in ids]
        status, reported = self.post(f"/managerAccounts/{found}/{verb}", {"accounts": rows}, LINK)
        assert status == (207 if found in self.managers else 400)
        if found not in self.managers:
            return
        assert [each["id"] for each in reported["succeedAccounts"]] == [
            each for each in ids if each != "unknown"
        ]
        assert len(reported["failedAccounts"]) == ids.count("unknown")
        for each in ids:
            kept = [other for other in self.managers[found] if other != each]
            self.managers[found] = kept + [each] * (is_linked and each != "unknown")

    @rule()
    def make_terms(self):
        status, made = self.post("/termsTokens", {"termsType": "ADVERTISING"}, TERMS)
        assert status == 201
        self.terms[made["termsToken"]] = self.now

    @rule(which=st.none() | PICKS)
    def register(self, which):
        body, is_valid = {"accountName": "N"}, True
        if which is not None:
            token = [*self.terms, "unknown"][min(which, len(self.terms))]
            body["termsToken"] = token
            made = self.terms.get(token)
            is_valid = made is not None and self.now - made >= SETUP_SECONDS
        status, reported = self.post("/adsAccounts", body, REGISTER)
        assert status == (201 if is_valid else 400)
        if is_valid:
            self.registered[reported["adsAccount"]["adsAccountId"]] = self.now
            if which is not None:
                self.terms[body["termsToken"]] = float("inf")

    @rule(seconds=st.sampled_from((1, 19, 20)))
    def wait(self, seconds):
        self.own.sandbox.clock.advance(seconds)
        self.now += seconds

    @invariant()
    def managers_hold_what_was_linked(self):
        if not hasattr(self, "managers"):
            return
        rows = value(self.own.call("/managerAccounts", b"", "GET", Accept="*/*"))
        shown = {
            row["managerAccountId"]: [each["accountId"] for each in row["linkedAccounts"]]
            for row in rows["managerAccounts"]
        }
        assert shown == self.managers

    @invariant()
    def registered_accounts_are_listed_and_settle(self):
        if not hasattr(self, "registered"):
            return
        rows = self.listed(2)[self.grouped :]
        assert [(row["adsAccountId"], row["status"]) for row in rows] == [
            (own, "CREATED" if self.now - made >= SETUP_SECONDS else "PENDING")
            for own, made in self.registered.items()
        ]


TestAccounts = Accounts.TestCase
TestAccounts.settings = settings(stateful_step_count=25)
