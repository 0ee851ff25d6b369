"""Retries.

``context``  one attempt: kind of work, reply or error
``checker``  predicates about an attempt
``backoff``  the wait before the n-th retry
``budget``   the retry budget of a region
``policy``   what to do after an attempt
``refusal``  the error for a final attempt
``chain``    the loop: attempts at one piece of work until it is done or given up
"""
