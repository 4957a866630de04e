"""A compound file (as of Office until 2003) of a few streams; it shares nothing with the reader."""

from __future__ import annotations

import struct

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_compound(streams: dict[str, bytes]) -> bytes:
    """The streams below the root, each padded to where it need not go into short sectors."""
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sectors: list[bytes] = []
    table: list[int] = []
    starts: dict[str, int] = {}
    for name, data in padded.items():
        starts[name] = len(sectors)
        _add(sectors, table, data)
    directory = _entry("Root Entry", 5, _END, 0, child=1 if padded else _FREE)
    for at, (name, data) in enumerate(padded.items(), 1):
        after = at + 1 if at < len(padded) else _FREE
        directory += _entry(name, 2, starts[name], len(data), right=after)
    first = len(sectors)
    _add(sectors, table, directory)
    own = -(-(len(table) + len(table) // 127 + 2) * 4 // _SECTOR)
    places = [len(sectors) + number for number in range(own)]
    table += [_TABLE] * own
    table += [_FREE] * (own * _SECTOR // 4 - len(table))
    packed = struct.pack(f"<{len(table)}I", *table)
    sectors += [packed[at : at + _SECTOR] for at in range(0, len(packed), _SECTOR)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, own, first, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *places, *[_FREE] * (109 - len(places)))
    return head + b"".join(sectors)


def _add(sectors: list[bytes], table: list[int], data: bytes) -> None:
    count = -(-len(data) // _SECTOR)
    for number in range(count):
        sectors.append(data[number * _SECTOR : (number + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
        table.append(len(sectors) if number + 1 < count else _END)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    code = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, _FREE, right, child)
    return (
        code.ljust(64, b"\0")
        + struct.pack("<H", len(code))
        + links
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
