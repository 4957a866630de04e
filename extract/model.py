"""A released model of kinds and themes, scored with plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.classify import Classifier


def load_release(name: str | None) -> Classifier | None:
    """The release that `name` means; None where there is no default release."""
    del name
    return None
