"""JSON log lines on stdout, which awslogs carries to CloudWatch."""

import json
import logging
import sys
from datetime import UTC, datetime

from query_handler import correlation

SERVICE = "query-handler"


class JsonFormatter(logging.Formatter):
    """One record, one line: time, level, message, correlation id, and the `facts` given as `extra`."""

    def __init__(self, environment: str) -> None:
        super().__init__()
        self.environment = environment

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": record.getMessage(),
            "service": SERVICE,
            "environment": self.environment,
            "correlation_id": correlation.current() or None,
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value is not None})


def configure(environment: str) -> None:
    """Send every logger's lines, uvicorn's included, to stdout as JSON."""
    to_stdout = logging.StreamHandler(sys.stdout)
    to_stdout.setFormatter(JsonFormatter(environment))
    logging.basicConfig(level=logging.INFO, handlers=[to_stdout], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every request, and so do we
