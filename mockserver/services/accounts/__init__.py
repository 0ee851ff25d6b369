"""Accounts: profiles, ads accounts, managers, test accounts."""
