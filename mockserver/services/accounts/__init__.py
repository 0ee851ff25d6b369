"""Accounts: profiles, ads accounts with terms, manager accounts, test accounts, feature flags."""
