"""Which addresses a process and its descendants listen on, from /proc (Linux)."""

import os
import socket
import struct
from pathlib import Path

_LISTEN = "0A"


def descendants(pid: int) -> set[int]:
    """A process and all that it has started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def listeners(pid: int) -> set[str]:
    """The addresses that TCP sockets of a process and its descendants listen on."""
    inodes = {link for one in descendants(pid) for link in _sockets(one)}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows6 = [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    addresses = {_address(row[1]) for row in rows if row[3] == _LISTEN and row[9] in inodes}
    return addresses | {f"ipv6 {row[1]}" for row in rows6 if row[3] == _LISTEN and row[9] in inodes}


def _sockets(pid: int) -> set[str]:
    found = set()
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:
        pass
    return found


def _address(hexadecimal: str) -> str:
    return socket.inet_ntoa(struct.pack("<L", int(hexadecimal.partition(":")[0], 16)))
