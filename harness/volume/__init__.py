"""Call volume: an estimate before the work, and an audit of the journal after it.

``plan`` holds a partner's plan, ``call_model`` the calls of each kind of work, ``demand`` the calls
of one run, ``day`` their times, ``estimate`` the three stages of the framework. ``audit`` compares
a journal with the minimum that the same call model gives.
"""
