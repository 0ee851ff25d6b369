"""Retries, taken apart into small nouns.

``context``  one attempt, normalised: kind of work, number, reply or breakage
``checker``  pure questions about an attempt
``backoff``  how long to wait before the n-th retry
``budget``   what retries spend and successes refill
``policy``   checkers and backoff joined: what to do after an attempt
``refusal``  the error that a final attempt stands for
``chain``    the loop: attempts at one piece of work, until it is done or given up
"""
