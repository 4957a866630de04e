"""Kinds of arguments that several commands take; a wrong one is told by argparse, with exit status 2."""

from __future__ import annotations

import argparse


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


def _whole(text: str, least: int, wanted: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{text!r}: give {wanted}")
    return number
