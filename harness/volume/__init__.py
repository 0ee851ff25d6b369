"""Call volume: reckoned before the work (estimate), and held against the journal after it (audit).

``plan`` is what a partner writes, ``reckon`` what a piece of work costs in calls, ``demand`` the
calls of one run, ``day`` when they fall, ``estimate`` the three stages of the framework. ``audit``
reads a journal and reckons with the same functions what the same outcome would have needed. Knows
contracts and journals. Must not know the mock's insides, cases or verdicts.
"""
