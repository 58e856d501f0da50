"""A file of pupils sent by the browser of a test, and the answers to its preview."""

import io

from tests.web.reading import hidden

PREVIEW = "/etablissement/import/apercu"


def upload(browser, text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    given = {"file": (io.BytesIO(data), "eleves.csv")} | more
    return browser.post("/etablissement/import", data=given, content_type="multipart/form-data")


def correct(browser, page: str, **values):
    ref = hidden(page, "ref")
    data = {"ref": ref} | {name.replace("_", "-"): text for name, text in values.items()}
    return browser.post("/etablissement/import/corriger", data=data)


def columns(browser, *keys, **more):
    data = {f"colonne-{place}": key for place, key in enumerate(keys)} | more
    return browser.post(
        "/etablissement/import/colonnes", data=data, content_type="multipart/form-data"
    )
