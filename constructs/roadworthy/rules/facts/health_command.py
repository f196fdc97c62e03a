"""Reading which URLs a container's health-check command probes: curl, wget, Python and Node, in exec and shell form.

What cannot be read for certain (variables, concatenations, scripts) gives no probe or one with an unknown part: whoever
compares must stay silent on it.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from roadworthy.rules.facts.shell import LONGEST, SHELLS, lines_of_health_check, simple_commands
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE

HERE = {"localhost", "127.0.0.1", "[::1]", "0.0.0.0", "ip6-localhost"}  # noqa: S104 - names to compare with
DEFAULT_PORTS = {"http": 80, "https": 443}

# $VAR, ${VAR:-x}, $(command), `command`, %s, {x}: whatever a shell or a program puts there.
# Bounded, so that a text full of `${` takes no longer than another.
VARIABLE = Pattern(r"\$\{[^}]{0,200}\}|\$\([^)]{0,200}\)|\$\w+|`[^`]{0,200}`|%[sd]|%\w{1,100}%|\{[^{}]{0,200}\}")
URL = Pattern(
    r"^(?:(?P<scheme>https?)://)?(?:[^/@?#]*@)?(?P<host>\[[^\]]*\]|[^/:?#]*)(?::(?P<port>[^/?#]*))?(?P<path>/[^?#]*)?(?:[?#].*)?$"
)
# Options of curl and wget whose value is the next word, so that a proxy or a header is not taken for the URL.
_WITH_VALUE = (
    "-H --header -x --proxy -e --referer -A --user-agent -o --output -d --data -O --output-document -U -u --user "
    "-X --request -b --cookie -w --write-out -m --max-time -T --timeout -t --tries --retry --connect-timeout "
    "--post-data --data-raw --data-binary -F --form -c --cookie-jar -E --cert --key --cacert --ca-certificate "
    "-K --config --interface --resolve --connect-to --retry-delay --retry-max-time"
)
WITH_VALUE = frozenset(_WITH_VALUE.split())
# A socket file instead of a port.
OTHER_SOCKET = Pattern(r"--(?:abstract-)?unix-socket(?:=|$)")
CLIENTS = {"curl", "wget"}
NETCAT = {"nc", "ncat", "netcat"}
MENTIONED = Pattern(r"curl|wget|python|node|bun|deno|uv|poetry")  # nothing else is read
DEPTH = 5  # of shells that start shells
# Programs that name others without running them.
BYSTANDERS = frozenset(
    [
        "echo",
        "printf",
        ":",
        "which",
        "type",
        "hash",
        "apk",
        "apt",
        "apt-get",
        "yum",
        "dnf",
        "pgrep",
        "pidof",
        "pkill",
        "cat",
        "ls",
        "export",
    ]
)
INTERPRETERS = Pattern(r"^(python[\d.]*|node|nodejs|bun|deno|uv|poetry)$")

# A URL in a program's text, with what follows its closing quote: `+` or `%` would append to it.
QUOTED_URL = Pattern(r"""[fru]?(?P<quote>["'`])(?P<url>https?://.{0,2000}?)\\?(?P=quote)\s*(?P<more>[+%]|\.format)?""")
CONNECTION = Pattern(
    r"""(?P<scheme>HTTPS?)Connection\(\s*(?:host=)?["'](?P<host>[^"']+)["'](?:\s*,\s*(?:port=)?(?P<port>[^,)]+))?"""
)
REQUESTED = Pattern(
    r"""\.request\(\s*(?:method=)?["']\w+["']\s*,\s*(?:url=)?(?P<quote>["'])(?P<path>.*?)(?P=quote)\s*(?P<more>[+%])?"""
)
NODE_OPTIONS = Pattern(r"https?['\"]?\)?\.(?:get|request)\(\s*\{(?P<options>[^}]*)\}")
NODE_OPTION = Pattern(
    r"""(?P<name>host|hostname|port|path)['"]?\s*:\s*(?:["'](?P<text>[^"']*)["']|(?P<number>\d+)\s*(?=,|$))"""
)


class Probe(NamedTuple):
    """One request that the command makes; None for a part that is not known. `path` is without the query."""

    host: str | None
    port: int | None
    path: str | None

    @property
    def is_local(self) -> bool:
        """Whether it asks the container itself."""
        return self.host in HERE


def probes(command: Sequence[str]) -> list[Probe]:
    """The requests of a health check's `Command`, whose words are skeletons (see `template.values`).

    A command that begins with neither CMD nor CMD-SHELL, or is malformed in another way, gives none.
    """
    return list(_probes(tuple(command)))


def tcp_ports(command: Sequence[str]) -> list[int]:
    """The ports of the container itself that a health check's `Command` asks: by a URL or `nc`."""
    asked = [probe.port for probe in probes(command) if probe.is_local and probe.port is not None]
    connected = [port for each in lines_of_health_check(command) for port in _connected(each.words)]
    return list(dict.fromkeys(asked + connected))


def _connected(words: Sequence[str]) -> Iterator[int]:
    """The port of `nc -z localhost 8443`."""
    if words and words[0].rpartition("/")[2] in NETCAT and len(words) > 2 and words[-2] in HERE:  # noqa: PLR2004
        number = _port(words[-1])
        if number is not None:
            yield number


@lru_cache(maxsize=4_096)
def _probes(command: tuple[str, ...]) -> tuple[Probe, ...]:
    if sum(map(len, command)) > LONGEST or not any(map(MENTIONED.search, command)):
        return ()
    if command[0] == "CMD-SHELL" and len(command) == 2:  # noqa: PLR2004 - the form and the line
        return tuple(_shell(command[1]))
    if command[0] == "CMD" and len(command) > 2:  # noqa: PLR2004 - a program and what it asks
        return tuple(_program(command[1:]))
    return ()


def _shell(line: str, depth: int = 0) -> Iterator[Probe]:
    for each in simple_commands(line):
        yield from _program(each.words, depth)


def _program(words: Sequence[str], depth: int = 0) -> Iterator[Probe]:
    """The requests of one simple command. What stands before the program (`timeout 5`, `X=1`, `!`) is passed over."""
    for index, word in enumerate(words):
        name, arguments = word.rpartition("/")[2].lstrip("`"), words[index + 1 :]
        if name in BYSTANDERS or (name == "command" and "-v" in arguments):
            return
        if name in CLIENTS:
            yield from _client(arguments)
            return
        if name in SHELLS:
            if depth < DEPTH:
                scripts = [argument for argument in arguments if " " in argument]
                yield from (probe for script in scripts for probe in _shell(script, depth + 1))
            return
        if INTERPRETERS.match(name):
            yield from (probe for argument in arguments for probe in _code(argument))
            return


def _client(arguments: Sequence[str]) -> Iterator[Probe]:
    """The URLs among the arguments of curl or wget."""
    if any(map(OTHER_SOCKET.match, arguments)):
        return
    skip = False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in WITH_VALUE:
            skip = True
        elif not argument.startswith("-"):
            probe = _url(argument.rstrip("`"))
            if probe and (argument.startswith(("http://", "https://")) or probe.is_local or probe.host is None):
                yield probe
        elif argument.startswith("--url="):
            yield from filter(None, [_url(argument.removeprefix("--url="))])


def _code(text: str) -> Iterator[Probe]:
    """The requests in a program's text."""
    for match in QUOTED_URL.finditer(text):
        yield from filter(None, [_url(match["url"] + (HOLE if match["more"] else ""))])
    for match in CONNECTION.finditer(text):
        requested = REQUESTED.search(text, match.end())
        path = requested["path"] + (HOLE if requested["more"] else "") if requested else HOLE
        port = match["port"] or str(DEFAULT_PORTS[match["scheme"].lower()])
        yield _probe(match["host"], port.strip(), path)
    for match in NODE_OPTIONS.finditer(text):
        options = {option["name"]: option["text"] or option["number"] or "" for option in _options(match["options"])}
        yield _probe(
            options.get("hostname", options.get("host", "localhost")),
            options.get("port", HOLE if "port" in match["options"] else "80"),
            options.get("path", HOLE if "path" in match["options"] else "/"),
        )


def _options(text: str) -> Iterator[re.Match[str]]:
    return NODE_OPTION.finditer(text)


def _url(text: str) -> Probe | None:
    match = URL.match(VARIABLE.sub(HOLE, text))
    if not match:
        return None
    scheme = match["scheme"] or "http"
    port = match["port"] if match["port"] is not None else str(DEFAULT_PORTS[scheme])
    # A gap at the end of the host may hold a port, and even a path: `$HOST`, `$URL`.
    open_ended = HOLE in match["host"] and match["port"] is None
    path = match["path"] or (HOLE if open_ended or HOLE in port else "/")
    return _probe(match["host"], HOLE if open_ended else port, path)


def _probe(host: str, port: str, path: str) -> Probe:
    known_path = None if HOLE in VARIABLE.sub(HOLE, path) else path.partition("?")[0].partition("#")[0]
    return Probe(None if HOLE in host else host.lower(), _port(port), known_path)


def _port(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004 - 65535
