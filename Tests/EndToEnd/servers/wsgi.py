"""How the servers under Flask are started: on loopback, behind a proxy or not."""

import argparse
import os
import socket

from werkzeug.serving import make_server


def serve(description, application):
    """Takes the command line, and serves `application(origin)` until it is killed.

    `READY` is printed when connections are taken.
    """
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", help="the public origin, when a proxy stands in front")
    options = arguments.parse_args()
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback
    listener = socket.create_server(("127.0.0.1", options.port))
    origin = options.origin or f"http://127.0.0.1:{options.port}"
    server = make_server("127.0.0.1", options.port, application(origin), threaded=True, fd=listener.fileno())
    print("READY", flush=True)
    server.serve_forever()
