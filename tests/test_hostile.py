"""Every hostile file gives what it must, in time, and leaves the worker able to go on."""

from __future__ import annotations

import re
import time

import pytest
from hostile import Hostile, make_hostile

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse_document
from extract.read.sandbox import read_isolated
from extract.report import Report

FILES = list(make_hostile())


def outcome(hostile: Hostile) -> Report | UnreadableFile:
    """The first report, or error, that the file gives."""
    (first, *_) = read_isolated(hostile.data, hostile.name)
    if isinstance(first.document, UnreadableFile):
        return first.document
    try:
        return parse_document(first.document, describe_source(hostile.data, hostile.name, first.document))
    except UnreadableFile as error:
        return error


def test_there_are_forty():
    assert len(FILES) >= 40


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_hostile(hostile):
    begin = time.monotonic()
    found = outcome(hostile)
    assert time.monotonic() - begin < 40  # twice the limit: the start of a worker on a busy machine
    if hostile.must is None:
        assert isinstance(found, Report), found
    elif isinstance(found, Report):
        assert hostile.must == ".*"
    else:
        assert re.search(hostile.must, found.reason), found.reason
