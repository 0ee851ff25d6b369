"""The form handler with its start in each name, to the second: the same name in each retry."""

import time

import api
import singles

STARTED = time.strftime("%Y%m%d-%H%M%S")


def name(number):
    return f"Form {STARTED} {number}"


if __name__ == "__main__":
    singles.name = name
    api.ended([singles.work])
