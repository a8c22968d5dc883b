"""A webhook receiver that fails, hangs, and answers late, and writes down what it got.

receiver.py PORT-FILE LOG [TROUBLE]: writes its port to PORT-FILE and a line of JSON to LOG for each request that it took: when,
whether it answered, and the body. TROUBLE is the share of requests, from 0 to 1, that end badly (default 0).
"""

import json
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT_FILE, LOG = sys.argv[1:3]
TROUBLE = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
lock = threading.Lock()
log = open(LOG, "a", encoding="utf-8")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def note(self, body, how):
        with lock:
            log.write(json.dumps({"time": time.time(), "path": self.path, "how": how, "body": body}) + "\n")
            log.flush()

    def answer(self, status, fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.note(None, "got")
        self.answer(200)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        text = self.rfile.read(length)
        if len(text) < length:
            return
        body = json.loads(text)
        if random.random() >= TROUBLE:
            self.note(body, "got")
            return self.answer(200)
        how = random.choice(["refuse", "busy", "hang", "late", "cut"])
        if how == "refuse":
            self.answer(500)
        elif how == "busy":
            self.answer(429, [("Retry-After", "1")])
        elif how == "hang":
            # Long after the sender gave up; it is taken after all.
            time.sleep(1.0)
            self.note(body, how)
            self.close_connection = True
        elif how == "late":
            self.note(body, how)
            time.sleep(random.uniform(0.2, 0.6))
            self.answer(200)
        else:
            self.note(body, how)
            self.close_connection = True

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A sender that was killed in the middle is part of the test."""


server = Server(("127.0.0.1", 0), Handler)
with open(PORT_FILE, "w", encoding="utf-8") as file:
    file.write(f"{server.server_address[1]}\n")
server.serve_forever()
