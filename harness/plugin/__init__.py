"""The suite inside pytest: fixtures, a marker, and verdicts as test outcomes.

``hook`` is what pytest loads; it must stay cheap and silent in projects that do not use it, so it
imports the suite only when a fixture is asked for. The only package that imports pytest.
"""
