"""What the test images run: a small HTTP server. `python task_app.py HOST PORT [STATUS of /health]`."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEALTH = int(sys.argv[3]) if len(sys.argv) > 3 else 200


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(HEALTH if self.path == "/health" else 200)
        self.end_headers()
        if self.path == "/environment":
            self.wfile.write(json.dumps(dict(os.environ)).encode())

    def log_message(self, *_):
        pass


print("listening", flush=True)  # noqa: T201 - what the task logs
ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
