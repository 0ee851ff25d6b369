"""Set a filter of a page as a reader does."""


def choose(browser, name, value):
    browser.run(
        f"{{const one = document.getElementById('{name}'); one.value = '{value}';"
        "one.dispatchEvent(new Event('change')); one.dispatchEvent(new Event('input'));}"
    )
