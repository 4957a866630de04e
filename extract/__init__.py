"""Reads annual reports on government information disclosure and turns them into checked data.

>>> from extract import parse
>>> report = parse("samples/report.txt")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from extract.errors import BadData, GongkaiError, NotAReport, UnreadableFile
from extract.version import VERSION as __version__

if TYPE_CHECKING:
    from extract.components import load
    from extract.frames import cells_frame, figures_frame, units_frame
    from extract.pipeline import parse, parse_many
    from extract.report import Report

__all__ = [
    "BadData",
    "GongkaiError",
    "NotAReport",
    "Report",
    "UnreadableFile",
    "__version__",
    "cells_frame",
    "figures_frame",
    "load",
    "parse",
    "parse_many",
    "units_frame",
]

_HOMES = {  # loaded at first use, so that `gongkai --help` does not pay for the parser
    "parse": "extract.pipeline",
    "parse_many": "extract.pipeline",
    "Report": "extract.report",
    "cells_frame": "extract.frames",
    "figures_frame": "extract.frames",
    "units_frame": "extract.frames",
    "load": "extract.components",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'extract' has no attribute {name!r}")
