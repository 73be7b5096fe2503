"""Whole addresses of pages, for letters and whatever else is read outside the site."""

from urllib.parse import urlsplit

from django.conf import settings


def address(path: str) -> str:
    """The whole address of a page, by SITE_URL and never by the name with which a request asked.

    path: as `reverse` gives it, with the path of SITE_URL before it.
    """
    site = urlsplit(settings.SITE_URL)
    return f"{site.scheme}://{site.netloc}{path}"
