"""Kinds of arguments that several commands take; a wrong one is told by argparse, with exit status 2."""

from __future__ import annotations

import argparse

_KINDS = {
    "txt": "text/plain",
    "md": "text/markdown",
    "mht": "multipart/related",
    "mhtml": "multipart/related",
    "ofd": "application/ofd",
    "fodt": "application/vnd.oasis.opendocument.text-flat-xml",
    "fods": "application/vnd.oasis.opendocument.spreadsheet-flat-xml",
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "tar.gz": "application/gzip",
}
_SHOWN = "txt, md, html, mht, docx, doc, rtf, odt, pdf, ofd, xlsx, xls, ods, png, jpg, tif, zip, tar"


def count(text: str) -> int:
    """A whole number above 0. Raises `argparse.ArgumentTypeError`.

    >>> count("40")
    40
    """
    return _whole(text, 1, "a whole number above 0")


def count_or_zero(text: str) -> int:
    """A whole number, 0 among them. Raises `argparse.ArgumentTypeError`."""
    return _whole(text, 0, "a whole number, 0 or above")


def probability(text: str) -> float:
    """A number from 0 to 1. Raises `argparse.ArgumentTypeError`.

    >>> probability("0.5")
    0.5
    """
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:  # nan is neither
        raise argparse.ArgumentTypeError(f"{text!r}: give a number from 0 to 1")
    return number


def add_model(parser: argparse.ArgumentParser, use: str = "gives kinds and themes") -> None:
    """The argument --model; `use` says what the model does."""
    parser.add_argument(
        "--model",
        metavar="NAME|PATH|rules",
        help=f"what {use}: a release by name or folder, or the keyword rules; default: the released one",
    )


def media_type(text: str) -> str:
    """The media type that a short name means. Raises `argparse.ArgumentTypeError` where none is read here.

    >>> media_type(".html"), media_type("application/pdf")
    ('text/html', 'application/pdf')
    """
    import mimetypes

    from extract.read import ARCHIVES, READERS

    name = text.lstrip(".").lower()
    found = text if "/" in text else _KINDS.get(name) or mimetypes.guess_type(f"a.{name}")[0]
    if found not in READERS and found not in ARCHIVES:
        raise argparse.ArgumentTypeError(f"{text!r}: no kind of file that is read here; such are {_SHOWN}")
    return found


def _whole(text: str, least: int, wanted: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{text!r}: give {wanted}")
    return number
