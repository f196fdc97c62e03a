"""How a container asks itself whether it is well, with what its image has: curl is seldom in it."""

import enum


class Probe(enum.Enum):
    """The program that asks; each runs in exec form, so that no image needs a shell but for `SHELL`.

    They ask with GET, since few applications answer HEAD, and take an answer below 400 for a success. The address is
    127.0.0.1: `localhost` may be ::1, where the application does not listen.
    """

    PYTHON = "python"
    NODE = "node"
    WGET = "wget"
    CURL = "curl"
    SHELL = "bash"  # it connects by itself, which sh cannot
    NETCAT = "nc"

    def http(self, port: str, path: str, seconds: int) -> list[str] | None:
        """The command that asks for `path` and waits for so many seconds; None if the program cannot."""
        return _filled(_HTTP.get(self), port, path, seconds)

    def tcp(self, port: str, seconds: int) -> list[str] | None:
        """The command that opens a connection; None if the program cannot."""
        return _filled(_TCP.get(self), port, "", seconds)

    def grpc(self, port: str, service: str, seconds: int) -> list[str] | None:
        """The command that asks for a service's health, or the server's; None if the program cannot."""
        return _filled(_GRPC.get(self), port, service, seconds)

    @classmethod
    def of_http(cls) -> "list[Probe]":
        """Those that ask over HTTP."""
        return list(_HTTP)

    @classmethod
    def of_tcp(cls) -> "list[Probe]":
        """Those that open a connection and say nothing."""
        return list(_TCP)

    @classmethod
    def of_grpc(cls) -> "list[Probe]":
        """Those that ask over gRPC."""
        return list(_GRPC)


_HTTP = {
    Probe.PYTHON: [
        "python",
        "-c",
        "import urllib.request as r; r.urlopen('http://127.0.0.1:%(port)s%(path)s', timeout=%(seconds)s)",
    ],
    Probe.NODE: [
        "node",
        "-e",
        "require('http').get('http://127.0.0.1:%(port)s%(path)s', "
        "a => process.exit(a.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1)); "
        "setTimeout(() => process.exit(1), %(seconds)s000)",
    ],
    # Not --spider, which asks with HEAD; /dev/null is there on a read-only disk too. No -T: BusyBox's wget in Debian 12
    # crashes on it (https://github.com/docker-easyconnect/docker-easyconnect/pull/369); ECS has a time limit anyway.
    Probe.WGET: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:%(port)s%(path)s"],
    Probe.CURL: ["curl", "-fsS", "-o", "/dev/null", "-m", "%(seconds)s", "http://127.0.0.1:%(port)s%(path)s"],
    Probe.SHELL: [
        "bash",
        "-c",
        "exec 3<>/dev/tcp/127.0.0.1/%(port)s"
        " && printf '%%s\\r\\n' 'GET %(path)s HTTP/1.0' 'Host: 127.0.0.1' '' >&3"
        " && read -r -t %(seconds)s _ status _ <&3 && [ $status -lt 400 ]",
    ],
}
_TCP = {
    Probe.PYTHON: ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', %(port)s), %(seconds)s)"],
    Probe.NODE: [
        "node",
        "-e",
        "require('net').connect(%(port)s, '127.0.0.1', () => process.exit(0)).on('error', () => process.exit(1)); "
        "setTimeout(() => process.exit(1), %(seconds)s000)",
    ],
    Probe.SHELL: ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/%(port)s"],
    Probe.NETCAT: ["nc", "-z", "-w", "%(seconds)s", "127.0.0.1", "%(port)s"],
}

# The message by itself, so that only grpcio is needed: field 1 is the service's name, and status 1 is SERVING.
# https://github.com/grpc/grpc/blob/master/src/proto/grpc/health/v1/health.proto
_GRPC = {
    Probe.PYTHON: [
        "python",
        "-c",
        "import grpc; name = b'%(path)s'; "
        "ask = grpc.insecure_channel('127.0.0.1:%(port)s').unary_unary('/grpc.health.v1.Health/Check'); "
        "answer = ask(name and b'\\n' + bytes([len(name)]) + name, timeout=%(seconds)s); "
        "raise SystemExit(answer != b'\\x08\\x01')",
    ],
}


def _filled(words: list[str] | None, port: str, path: str, seconds: int) -> list[str] | None:
    if words is None:
        return None
    return ["CMD", *(word % {"port": port, "path": path, "seconds": seconds} for word in words)]
