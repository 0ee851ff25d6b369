"""SQS, SNS and S3, as far as a consumer of Marketing Stream needs them.

``actions`` finds the function of each action; ``signature`` reads calls, ``query_protocol`` and
``rest_protocol`` know their protocols.
"""
