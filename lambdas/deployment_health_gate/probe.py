"""One GET to the test listener. Redirects are answers like any other, as for a target group's health check."""

import http.client
import ssl

from deployment_health_gate.settings import Settings

AGENT = "roadworthy-health-gate"


class NoAnswerError(Exception):
    """The listener could not be reached, or did not speak HTTP; the message says which."""


def get(settings: Settings, seconds: float) -> int:
    """The status of the answer, within some seconds; raises NoAnswerError.

    Only the status is read. Each wait of the socket has the whole time, so that a server that sends its headers in
    drops can take longer.
    """
    connection = _connection(settings, seconds)
    try:
        connection.request("GET", settings.path, headers={"Host": _host(settings), "User-Agent": AGENT})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NoAnswerError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _connection(settings: Settings, seconds: float) -> http.client.HTTPConnection:
    if settings.tls:
        return _NamedConnection(settings, seconds)
    return http.client.HTTPConnection(settings.host, settings.port, timeout=seconds)


def _host(settings: Settings) -> str:
    """A port belongs into the header only where it is not the scheme's own and no other name was given."""
    named = settings.server_name != settings.host
    return settings.server_name if named or settings.port in {80, 443} else f"{settings.host}:{settings.port}"


class _NamedConnection(http.client.HTTPConnection):
    """TLS to one address for the name of another.

    A load balancer's own DNS name is in no certificate: the connection goes there, but asks (SNI) for the name that
    users use, and checks the certificate against it.
    """

    def __init__(self, settings: Settings, seconds: float) -> None:
        super().__init__(settings.host, settings.port, timeout=seconds)
        self._name = settings.server_name
        self._context = ssl.create_default_context()
        if not settings.verify_tls:
            self._context.check_hostname = False
            self._context.verify_mode = ssl.CERT_NONE

    def connect(self) -> None:
        """Connect, and speak TLS."""
        super().connect()
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self._name)
