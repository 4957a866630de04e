"""Shared fixtures, and the rule of continuous integration: no test is skipped for want of a package."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# `make test-embeddings` installs the library (5 GB) and runs these
collect_ignore = [] if find_spec("sentence_transformers") else ["test_embeddings_library.py"]
REAL_REPORTS = ROOT.parent / "shared" / "reports"


@pytest.fixture(scope="session")
def real_reports() -> dict[str, Path]:
    """The five real reports by the first three digits of their names; they are no part of the project."""
    if not REAL_REPORTS.is_dir():
        pytest.skip("the five real reports are not here (../shared/reports)")
    return {path.name[:3]: path for path in sorted(REAL_REPORTS.glob("*.txt"))}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Under GONGKAI_NO_SKIP a skip is a failure, but for the real reports and rights that a machine withholds."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("GONGKAI_NO_SKIP") and report.skipped and not hasattr(report, "wasxfail"):
        wants_reports = "real_reports" in getattr(item, "fixturenames", ()) or item.get_closest_marker(
            "shared"
        )
        withheld = item.get_closest_marker("rights") is not None
        if not withheld and not (wants_reports and not REAL_REPORTS.is_dir()):
            report.outcome = "failed"
            report.longrepr = f"skipped, and nothing may be skipped here: {report.longrepr}"
