import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.rules.facts.health_command import Probe, probes, tcp_ports
from roadworthy.template.values import HOLE

HEALTH = Probe("localhost", 8000, "/health")
URL = "http://localhost:8000/health"

SHELL = [
    ("curl -f http://localhost:8000/health || exit 1", HEALTH),
    ("curl -fsS --max-time 3 'http://localhost:8000/health' > /dev/null || exit 1", HEALTH),
    ('curl -f "http://localhost:8000/health?deep=1" || exit 1', HEALTH),
    ("curl --fail localhost:8000/health", HEALTH),
    ("curl -f http://localhost", Probe("localhost", 80, "/")),
    ("curl -f http://localhost:8000", Probe("localhost", 8000, "/")),
    ("curl -k https://localhost/ready#x", Probe("localhost", 443, "/ready")),
    ("curl -f http://127.0.0.1:8000/health 2>&1 && echo || (echo no; exit 1)", Probe("127.0.0.1", 8000, "/health")),
    ("curl -X POST -d '{\"a\": 1}' -H 'Origin: http://localhost:3000/x' http://localhost:8000/health", HEALTH),
    ("curl -x http://localhost:3128 http://localhost:8000/health", HEALTH),
    ("/usr/bin/curl -f http://[::1]:8000/health", Probe("[::1]", 8000, "/health")),
    ("curl --url=http://localhost:8000/health", HEALTH),
    ("timeout 5 curl -f http://localhost:8000/health", HEALTH),
    ("! curl -f http://localhost:8000/health", HEALTH),
    ("test $(curl -s -o /dev/null -w '%{http_code}' http://localhost:8000/health) = 200", HEALTH),
    ("sh -c 'curl -f http://localhost:8000/health || exit 1'", HEALTH),
    ("wget -qO- http://localhost:8000/health", HEALTH),
    ("wget --no-verbose --tries=1 --spider http://localhost:8000/health || exit 1", HEALTH),
    ("wget -O - localhost:8000/health", HEALTH),
    (f"python -c \"import urllib.request; urllib.request.urlopen('{URL}', timeout=3)\"", HEALTH),
    (f"python3 -c 'import requests; requests.get(\"{URL}\").raise_for_status()'", HEALTH),
    (f"python3.12 -c \"import httpx; httpx.get('{URL}').raise_for_status()\"", HEALTH),
    (
        "python -c \"import http.client as h; c=h.HTTPConnection('localhost', 8000); c.request('GET', '/health')\"",
        HEALTH,
    ),
    (f"node -e \"require('http').get('{URL}', r => process.exit(r.statusCode !== 200))\"", HEALTH),
    (f"node -e \"fetch('{URL}').then(r => process.exit(r.ok ? 0 : 1))\"", HEALTH),
    ("node -e \"require('http').get({host: 'localhost', port: 8000, path: '/health'}, r => 0)\"", HEALTH),
    ("node -e \"require('http').request({hostname: 'localhost', port: 8000, path: '/health'}).end()\"", HEALTH),
    ("curl -f http://localhost:$PORT/health", Probe("localhost", None, "/health")),
    ("curl -f http://localhost:${PORT:-8000}/health", Probe("localhost", None, "/health")),
    ("curl -f http://$HOST/health", Probe(None, None, "/health")),
    ("curl -f http://localhost:8000/$WHERE", Probe("localhost", 8000, None)),
    ("curl -f http://example.com/health", Probe("example.com", 80, "/health")),
    ("node -e \"require('http').get('http://localhost:8000' + path)\"", Probe("localhost", None, None)),
    ("python -c \"urlopen('http://localhost:%s/health' % port)\"", Probe("localhost", None, None)),
    (f"curl -f http://localhost:8000/{HOLE}", Probe("localhost", 8000, None)),
    (f"curl -f {HOLE}/health", Probe(None, None, "/health")),
    ("pg_isready -U postgres", None),
    ("redis-cli ping", None),
    ("nc -z localhost 8443", None),
    ("exit 0", None),
    ("echo curl http://localhost:8000/health", None),
    ("command -v curl http://localhost:8000/health", None),
    ("pgrep -f 'curl http://localhost:8000/health' curl", None),
    ("curl --unix-socket /run/x.sock http://localhost/health", None),
    ("curl --abstract-unix-socket=x http://localhost/health", None),
    ("curl --connect-to localhost:80:localhost:1 http://localhost:8000/health", HEALTH),
    ("curl -f \\\n  http://localhost:8000/health", HEALTH),
    ("apk info curl\ncurl -f http://localhost:8000/health", HEALTH),
    ("curl " + "x" * 9_000 + " http://localhost:8000/health", None),
    ("curl -f 'http://localhost:8000/health", None),
    ("", None),
]


@pytest.mark.parametrize(("line", "expected"), SHELL, ids=[line[:50] for line, _ in SHELL])
def test_a_shell_line_asks_its_url(line, expected):
    assert probes(["CMD-SHELL", line]) == ([expected] if expected else [])


EXEC = [
    ["CMD", "curl", "-f", URL],
    ["CMD", "wget", "-q", "--spider", URL],
    ["CMD", "python", "-c", f"import urllib.request; urllib.request.urlopen('{URL}')"],
    ["CMD", "node", "-e", f'require("http").get("{URL}")'],
    ["CMD", "sh", "-c", f"curl -f {URL} || exit 1"],
    ["CMD", "/bin/sh", "-c", f"wget -qO- {URL}"],
]


@pytest.mark.parametrize("command", EXEC, ids=[" ".join(command)[:40] for command in EXEC])
def test_the_exec_form_asks_its_url(command):
    assert probes(command) == [HEALTH]


@pytest.mark.parametrize(
    "command",
    [[], ["CMD-SHELL"], ["CMD"], ["NONE"], ["curl", URL], ["CMD-SHELL", "curl", URL], [f"CMD-SHELL, curl {URL}"]],
)
def test_a_malformed_command_asks_nothing(command):
    assert probes(command) == []


def test_a_line_may_ask_several_urls():
    line = "curl -f http://localhost:8000/a && curl -f http://localhost:8000/b"
    assert [probe.path for probe in probes(["CMD-SHELL", line])] == ["/a", "/b"]


@pytest.mark.parametrize(
    ("line", "ports"),
    [
        ("nc -z localhost 8443", [8443]),
        ("nc -zv -w 3 127.0.0.1 53 || exit 1", [53]),
        ("nc -z db 5432", []),
        ("nc -z localhost $PORT", []),
        ("nc -z localhost 8000 && curl -f http://localhost:8000/ && curl http://localhost:9000/", [8000, 9000]),
        ("curl -f http://other:8000/", []),
    ],
)
def test_the_ports_asked_on_the_container_itself_are_known(line, ports):
    assert sorted(tcp_ports(["CMD-SHELL", line])) == ports


@pytest.mark.parametrize(
    "piece", ["${", "$(", "`a", "'http://x", "HTTPConnection('a',1)", "{a", "http.get({", "sh -c "]
)
def test_a_huge_line_takes_no_longer_than_its_length(piece):
    started = time.process_time()
    probes(["CMD-SHELL", "python -c curl " + piece * (8_000 // len(piece))])
    probes(["CMD", "node", "-e", piece * 1_000_000])
    assert time.process_time() - started < 1


@given(st.lists(st.text(alphabet=st.sampled_from("curlwgetpythonde -fc'\"`$(){}|&;:/80lohst.%+" + HOLE), max_size=60)))
def test_any_command_is_read_without_a_crash(words):
    assert isinstance(probes(["CMD-SHELL", " ".join(words)]), list)
    assert isinstance(probes(["CMD", *words]), list)
