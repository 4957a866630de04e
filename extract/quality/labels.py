"""The words in which a comparison shows ids: kinds, sections, rules, fates, in Chinese or English."""

from __future__ import annotations

from functools import cache

from extract.datafiles import read_data


@cache
def _load() -> dict[str, dict[str, dict[str, str]]]:
    return read_data("panel_page.toml")


def label(group: str, id_: str | None, language: str) -> str:
    """The word for an id of a group of data/panel_page.toml; the id itself where there is none.

    >>> label("kinds", "problem", "zh"), label("kinds", "unheard", "zh"), label("kinds", None, "zh")
    ('问题', 'unheard', '—')
    """
    if id_ is None:
        return "—"
    return _load()[group].get(id_, {}).get(language, id_)
