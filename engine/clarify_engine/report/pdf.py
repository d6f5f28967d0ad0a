"""The report as PDF, made of its HTML by WeasyPrint."""

from __future__ import annotations

import logging


class NoPdf(Exception):  # noqa: N818 - it reads as what happened
    """There is no PDF; the message says why."""


def pdf(page: str) -> bytes:
    """Return the PDF of a page, tagged for screen readers; nothing is fetched for it.

    Raises
    ------
    NoPdf
        WeasyPrint is not installed, finds no Pango on this system, or fails.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ModuleNotFoundError as error:
        raise NoPdf(f"the Python package {error.name} is not installed") from None
    except OSError:
        raise NoPdf("the system's library Pango cannot be loaded") from None
    # It warns of each rule of the page that is for screens only.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    nothing = URLFetcher(allowed_protocols=())
    try:
        made: bytes = HTML(string=page, media_type="print", url_fetcher=nothing).write_pdf(
            pdf_tags=True
        )
    except Exception as error:
        # Hours of computing may stand before this: they are not lost for a PDF.
        raise NoPdf(f"WeasyPrint failed with {type(error).__name__}") from error
    return made
