"""The programs of this folder with one defect each: ``python broken.py storm``."""

import sys
import time

import api
import dashboard
import files
import jobs
import singles


def storm():
    """Retries at once, forty times, without any wait."""
    api.ATTEMPTS = 40
    api.Api.pause = lambda *_: None
    return dashboard.jobs()


def hot_poll():
    """Polls a report ten times a second."""
    api.Api.pause_poll = lambda *_: api.wait(0.1)
    finished = api.Api.finished

    def patient(self, path, profile, media):
        for _ in range(2000):
            state = self.call("GET", path, profile, media)
            if state.get("url") or state["status"] in {"FAILED", "FAILURE"}:
                return finished(self, path, profile, media)
            self.pause_poll(0)
        raise api.Failed(path)

    api.Api.finished = patient
    return [files.work]


def repeats_create():
    """Gives each attempt a new name, so that a create with a lost answer happens twice."""
    write = api.Api.write

    def renamed(self, method, kind, profile, items):
        for _ in range(3):
            stamp = f"{time.time_ns()}"
            named = [one | {"name": f"{one['name']} {stamp}"} for one in items if "name" in one]
            try:
                return write(self, method, kind, profile, named or items)
            except api.Failed:
                continue
        raise api.Failed(kind)

    api.ATTEMPTS = 1
    api.Api.write = renamed
    return [singles.work]


def first_page():
    """Ignores nextToken."""

    def first(self, kind, profile, size=100, **filters):
        body = {"maxResults": size, **filters}
        yield from self.call("POST", f"/sp/{kind}/list", profile, api._media(kind), body)[kind]

    api.Api.list = first
    return dashboard.jobs()


def dead_token():
    """Keeps sending the token that got 401."""

    def kept(self, refused=None):
        self.token = self.token or self.renew()
        return self.token

    api.Api.valid_token = kept
    return jobs.jobs()


def impatient():
    """Waits half of what Retry-After says."""

    def half(_self, attempt, reply=None):
        asked = reply.headers.get("Retry-After", "") if reply is not None else ""
        api.wait(float(asked) / 2 if asked.isdigit() else 2 ** (attempt - 1))

    api.Api.pause = half
    return dashboard.jobs()


def hides_404():
    """Takes a 404 of a list for an empty list, and reports every other failure."""
    read = api.Api.list

    def hidden(self, kind, profile, size=100, **filters):
        try:
            yield from read(self, kind, profile, size, **filters)
        except api.Failed as error:
            if not str(error).endswith("404"):
                raise

    api.Api.list = hidden
    return dashboard.jobs()


def hides_region():
    """Takes a region whose list of profiles fails for one without profiles."""
    listed = api.Api.profiles

    def hidden(self):
        try:
            return listed(self)
        except api.Failed:
            return []

    api.Api.profiles = hidden
    return dashboard.jobs()


def hides_outage():
    """Takes a region for one without profiles when the retries of their list are used up."""
    listed = api.Api.profiles

    def hidden(self):
        try:
            return listed(self)
        except api.Failed as error:
            if not str(error).endswith("given up"):
                raise
            return []

    api.Api.profiles = hidden
    return dashboard.jobs()


def forgets_updates():
    """Takes an update for done when its retries are used up, and reports every other failure."""
    write = api.Api.write

    def forgetful(self, method, kind, profile, items):
        try:
            return write(self, method, kind, profile, items)
        except api.Failed:
            if method != "PUT":
                raise
            return {}

    api.Api.write = forgetful
    return jobs.jobs()


def strict_enum():
    """Fails on an unknown state; its lists have two pages, so that the second is the last."""
    read = api.Api.list

    def strict(self, kind, profile, size=1000, **filters):
        for entity in read(self, kind, profile, size, **filters):
            if entity["state"] not in {"ENABLED", "PAUSED", "ARCHIVED"}:
                raise api.Failed(f"unknown state {entity['state']}")
            yield entity

    api.Api.list = strict
    return dashboard.jobs()


DEFECTS = (
    storm,
    hot_poll,
    repeats_create,
    first_page,
    dead_token,
    impatient,
    hides_404,
    hides_region,
    hides_outage,
    forgets_updates,
    strict_enum,
)

if __name__ == "__main__":
    chosen = next(one for one in DEFECTS if one.__name__ == sys.argv[1])
    api.ended(chosen())
