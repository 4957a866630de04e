"""Counts of right and wrong answers, and the rates that follow from them."""

from __future__ import annotations

from extract.report import Value


class Score(Value, frozen=True):
    """Counts of what was right, given falsely and missed; the usual rates follow from them."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float | None:
        given = self.right + self.false
        return self.right / given if given else None

    @property
    def recall(self) -> float | None:
        wanted = self.right + self.missed
        return self.right / wanted if wanted else None

    @property
    def f1(self) -> float | None:
        total = 2 * self.right + self.false + self.missed
        return 2 * self.right / total if total else None
