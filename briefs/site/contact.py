"""Where a reader disputes a row: one setting, ``contact`` of ``site.yml``, an issue form or a mailbox.

Without one no address is made up: the pages name the file and the row instead.
"""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from briefs.render import about
from briefs.site.reports import SiteError

CONTACT = "contact"


def address() -> str:
    """Return the contact of this project, empty if it has none; it's a `SiteError` if no link can lead there."""
    found = about.project_words(CONTACT) or ""
    parts = urlsplit(str(found))
    good = parts.netloc if parts.scheme == "https" else "@" in parts.path
    if found and (parts.scheme not in ("https", "mailto") or not good):
        raise SiteError(
            f"{about.PROJECT}: {CONTACT} {found!r} must be the https: address of an issue form or a "
            "mailto: address"
        )
    return str(found)


def letter(to: str, title: str, body: str) -> str:
    """Return the address that opens a form, or a letter, at `to` with its title and text filled in."""
    named = ("subject", "body") if to.startswith("mailto:") else ("title", "body")
    filled = "&".join(f"{n}={quote(t, safe='')}" for n, t in zip(named, (title, body), strict=True))
    return f"{to}{'&' if '?' in to else '?'}{filled}"


def problems() -> Iterator[str]:
    """Yield what is wrong with the contact."""
    try:
        address()
    except (SiteError, about.ProjectWordsError) as error:
        yield str(error)
