"""Compiles the package when it is installed to be edited, as installers do with what they copy.

Where Python may not write bytecode (PYTHONDONTWRITEBYTECODE, as in many containers), each start would else
compile a hundred and seventy modules, in the time in which sixty reports are parsed.
"""

import compileall
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileEditable(BuildHookInterface):  # type: ignore[type-arg]
    """Writes `__pycache__` beside the modules; a module that is edited later is compiled at each start."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            compileall.compile_dir(str(Path(self.root) / "extract"), quiet=2)
