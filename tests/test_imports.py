"""What is imported when: the parser starts fast, and no step reaches back or past its neighbours."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "extract"
HEAVY = ["spacy", "sklearn", "scipy", "pandas", "pyarrow", "datasets", "jieba", "rich", "lxml", "typer"]
STEPS = [
    "read",
    "normalise",
    "title",
    "sections",
    "tables",
    "units",
    "classify",
    "platforms",
    "figures",
    "check",
]


def test_parsing_one_file_imports_nothing_heavy():
    code = (
        "import sys; from extract.cli import main; main(['parse', 'samples/report.txt'])\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_version_imports_not_even_the_parser():
    code = (
        "import sys; from extract.cli import main; main(['--version'])\n"
        "print([name for name in sys.modules if name in ('extract.pipeline', 'msgspec', 'numpy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def imports_of(file: Path) -> set[str]:
    """The modules of the package that a module names at its top or within its functions."""
    tree = ast.parse(file.read_text("utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return {name for name in named if name.startswith("extract")}


def step_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in STEPS else None


@pytest.mark.parametrize("step", STEPS)
def test_a_step_never_imports_a_later_step(step):
    home = PACKAGE / step
    files = sorted(home.rglob("*.py")) if home.is_dir() else [PACKAGE / f"{step}.py"]
    later = set(STEPS[STEPS.index(step) + 1 :])
    reached = {(file.name, name) for file in files for name in imports_of(file) if step_of(name) in later}
    assert reached == set()


def test_nothing_but_the_commands_imports_what_developers_use():
    inside = [
        file for file in PACKAGE.rglob("*.py") if "learn" not in file.parts and "commands" not in file.parts
    ]
    assert [
        file.name for file in inside if any(name.startswith("extract.learn") for name in imports_of(file))
    ] == []


def test_report_types_import_nothing_of_ours():
    assert imports_of(PACKAGE / "report.py") == set()


MODULES = sorted(
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in [*PACKAGE.glob("*.py"), *PACKAGE.glob("*/__init__.py")]
    if file.stem != "__main__"
)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_the_first_to_be_imported(module):
    done = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-300:]
