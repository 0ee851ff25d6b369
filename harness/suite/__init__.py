"""The conformance suite: cases, drivers, checks, judge, reports."""
