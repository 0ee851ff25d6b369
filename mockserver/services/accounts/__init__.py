"""Accounts: profiles, ads accounts with terms, manager accounts, test accounts, feature flags."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("bare", "list"): Handler("accounts.profiles.list_profiles"),
    ("bare", "get"): Handler("accounts.profiles.get_profile"),
    ("bare", "update"): Handler("accounts.profiles.update_profiles", commits=True),
    ("accounts", "list"): Handler("accounts.ads_accounts.list_accounts"),
    ("accounts", "get"): Handler("accounts.ads_accounts.get_account"),
    ("accounts", "create"): Handler("accounts.ads_accounts.register_account", commits=True),
    ("accounts", "terms"): Handler("accounts.ads_accounts.create_terms"),
    ("accounts", "consent"): Handler("accounts.ads_accounts.get_terms"),
    ("accounts", "query"): Handler("accounts.advertiser_accounts.query_accounts"),
    ("managers", "list"): Handler("accounts.manager_accounts.list_managers"),
    ("managers", "create"): Handler("accounts.manager_accounts.create_manager", commits=True),
    ("managers", "associate"): Handler("accounts.manager_accounts.link_accounts", commits=True),
    ("managers", "disassociate"): Handler("accounts.manager_accounts.link_accounts", commits=True),
    ("testers", "list"): Handler("accounts.accounts_for_testing.list_accounts"),
    ("testers", "create"): Handler("accounts.accounts_for_testing.request_account", commits=True),
    ("flags", "get"): Handler("accounts.feature_flags.get_flags"),
    ("flags", "update"): Handler("accounts.feature_flags.set_flags", commits=True),
}
