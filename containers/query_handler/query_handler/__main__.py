"""Start the handler: `python -m query_handler --host 0.0.0.0 --port 8000`."""

import argparse
import os
import sys

import uvicorn

from query_handler import logs, settings
from query_handler.app import create_app

# Longer than the load balancer's idle time-out of 60 s, so that it never sends into a connection that we
# close:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
KEEP_ALIVE_SECONDS = 75
# Requests in flight may end after SIGTERM; ECS kills the task at its stop time-out, 30 s by default.
DRAIN_SECONDS = 25
WRONG_SETTINGS = 2


def main() -> int:
    """Serve until SIGTERM; exit code 2 and one line for a missing or wrong setting."""
    parser = argparse.ArgumentParser(prog="query_handler", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (default: 127.0.0.1)")
    parser.add_argument("--port", default=8000, type=int, help="port to bind (default: 8000)")
    arguments = parser.parse_args()
    try:
        found = settings.parse(os.environ)
    except settings.SettingsError as error:
        print(f"query_handler: {error}", file=sys.stderr)  # noqa: T201 - the one line before logs exist
        return WRONG_SETTINGS
    logs.configure(found.environment)
    uvicorn.run(
        create_app(found),
        host=arguments.host,
        port=arguments.port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
