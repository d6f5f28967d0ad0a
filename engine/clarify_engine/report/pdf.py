"""The report as PDF, made of its HTML by WeasyPrint."""

from __future__ import annotations


class NoPdf(Exception):  # noqa: N818 - it reads as what happened
    """There is no way to make a PDF here; the message says what is missing."""


def pdf(page: str) -> bytes:
    """Return the PDF of a page, tagged for screen readers.

    Raises
    ------
    NoPdf
        WeasyPrint is not installed, or finds no Pango on this system.
    """
    try:
        from weasyprint import HTML
    except ModuleNotFoundError as error:
        raise NoPdf(f"the Python package {error.name} is not installed") from None
    except OSError:
        raise NoPdf("the system's library Pango is not installed") from None
    made: bytes = HTML(string=page, media_type="print").write_pdf(pdf_tags=True)
    return made
