"""Word processor files of other kinds (.doc, .wps, .rtf) to a Document, by way of LibreOffice.

LibreOffice runs apart, with a profile of its own that is thrown away, no macros, no network and a time limit;
what it writes is a .docx, which is then read as such.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from extract.errors import UnreadableFile
from extract.read.bounds import check_length
from extract.read.kind import WORD_XML
from extract.report import Document

MAX_BYTES = 64 * 2**20
SECONDS = 18  # within the 20 of a worker; a start on a cold machine takes some ten, a report two
_SUFFIXES = {
    "application/msword": "doc",
    "application/vnd.ms-works": "wps",
    "application/rtf": "rtf",
    WORD_XML: "xml",
    "application/x-ole-storage": "doc",
}
_COMMANDS = ("soffice", "libreoffice")
# Runs a command and ends its whole process group when who holds the other end of standard input ends, however
# it ends: LibreOffice starts processes of its own, which a signal on the death of a parent does not reach.
_GUARD = 'exec 3<&0; "$@" </dev/null 3<&- & made=$!; (read _ <&3; kill -KILL 0) & exec 3<&-; wait $made'
_SETTINGS = (  # path and name of a setting of LibreOffice, and its value: no macros, no links followed
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "2"),
    ("Calc/Content/Update", "Link", "2"),
)
_SETTING = (
    '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse">'
    "<value>{}</value></prop></item>"
)
_OOR = "http://openoffice.org/2001/registry"
# Fields, links and objects of RTF that name other files; LibreOffice would open them.
_RTF_REACHES = re.compile(rb"INCLUDE(?:TEXT|PICTURE)|\\objautlink|\\objlink|\\template", re.IGNORECASE)


def read_doc(data: bytes, path: str) -> Document:
    """A .doc or .wps file, that is, a compound file with a text in it."""
    return _read_converted(data, path, "application/msword")


def read_rtf(data: bytes, path: str) -> Document:
    """Rich text."""
    return _read_converted(_RTF_REACHES.sub(b"", data), path, "application/rtf")


def read_word_xml(data: bytes, path: str) -> Document:
    """A Word 2003 document that is one XML file; systems of agencies write it under the name .doc."""
    return _read_converted(data, path, WORD_XML)


def _read_converted(data: bytes, path: str, media_type: str) -> Document:
    from extract.read.docx import read_docx

    converted = convert(data, path, media_type)
    return replace(read_docx(converted, path), media_type=media_type)


def convert(data: bytes, path: str, media_type: str) -> bytes:
    """The file as a .docx.

    Raises `UnreadableFile` where LibreOffice is not installed, takes too long or makes nothing of the file.
    """
    check_length(data, MAX_BYTES, "a text file", path)
    command = find_office()
    if command is None:
        raise UnreadableFile(
            path,
            "needs LibreOffice: install libreoffice-writer-nogui, or save it as .docx",
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        source = Path(folder, f"source.{_SUFFIXES[media_type]}")
        source.write_bytes(data)
        made = Path(folder, "out", "source.docx")
        _run(command, source, Path(folder), path)
        if not made.is_file() or made.is_symlink() or not made.stat().st_size:
            raise UnreadableFile(
                path, "LibreOffice makes nothing of it: the file is damaged or locked: save it as .docx"
            )
        return made.read_bytes()


def find_office() -> str | None:
    """The command that starts LibreOffice, or None."""
    return next((found for name in _COMMANDS if (found := shutil.which(name))), None)


def _run(command: str, source: Path, folder: Path, path: str) -> None:
    """LibreOffice on one file, in a session of its own so that all it starts can be ended with it."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    settings = "".join(_SETTING.format(*setting) for setting in _SETTINGS)
    (profile / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="{_OOR}">{settings}</oor:items>', "utf-8"
    )
    arguments = [
        command,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out")),
        str(source),
    ]
    environment = {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "http_proxy": "http://127.0.0.1:9",  # nothing listens there: a link in the file leads nowhere
        "https_proxy": "http://127.0.0.1:9",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    try:
        run_guarded(arguments, folder, environment, SECONDS)
    except subprocess.TimeoutExpired:
        raise UnreadableFile(
            path, f"LibreOffice needs more than {SECONDS} s for it: save it as .docx"
        ) from None


def run_guarded(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
) -> None:
    """Runs a command in `folder` and ends it, with all that it started, after `seconds` or with this process.

    Raises `subprocess.TimeoutExpired` where the time was up.
    """
    with subprocess.Popen(
        ["sh", "-c", _GUARD, "sh", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and all it started ended."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
