"""SQS and SNS, as far as a consumer of Marketing Stream needs them.

``actions`` has one function for each action; ``query_protocol`` and ``signature`` read calls.
"""
