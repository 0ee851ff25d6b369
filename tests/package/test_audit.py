"""The audit of dependencies fails for a vulnerability, and says visibly when it was not done."""

import json

from tests.package.audit import main

SOUND = {"name": "flask", "version": "3.1.0", "vulns": []}
SKIPPED = {"name": "jinja2", "skip_reason": "not found"}
VULNERABLE = {
    "name": "h11",
    "version": "0.14.0",
    "vulns": [{"id": "CVE-2025-43859", "fix_versions": ["0.16.0"]}],
}


def audited(capsys, *dependencies):
    code = main(lambda: json.dumps({"dependencies": dependencies}))
    return code, *capsys.readouterr()


def test_vulnerability_fails_and_names_the_fixed_version(capsys):
    code, out, err = audited(capsys, SOUND, VULNERABLE)
    assert (code, err) == (1, "")
    assert "h11 0.14.0: CVE-2025-43859, fixed in 0.16.0" in out


def test_audit_without_findings_says_how_much_it_checked(capsys):
    code, out, err = audited(capsys, SOUND)
    assert (code, out, err) == (0, "audit: no known vulnerability in 1 dependencies\n", "")


def test_dependency_that_was_not_checked_is_visible(capsys):
    code, out, err = audited(capsys, SOUND, SKIPPED)
    assert (code, out) == (0, "")
    assert err.startswith("audit: NOT DONE for 1 of 2 dependencies")


def test_missing_network_is_visible_and_no_failure(capsys):
    assert main(lambda: "") == 0
    assert capsys.readouterr().err == "audit: NOT DONE: no advisory service could be reached\n"
