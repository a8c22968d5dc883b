"""NanoIDP, an identity provider as it comes, with its profile for OAuth 2.1: name and password on two pages. No MCP server."""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

SETTINGS = """config_version: 1
server: {{host: 127.0.0.1, port: {port}}}
oauth:
  issuer: {origin}
  audience: pantry
  refresh_token_rotation: true
  require_pkce: true
  dynamic_registration: {{enabled: true}}
login: {{two_step: {two_step}, totp: {totp}, mode: {mode}}}
session: {{secret_key: {secret}}}
logging: {{level: WARNING, log_token_requests: false, verbose_logging: false}}
"""
USERS = """config_version: 1
users:
  testuser: {{password: {password}, email: testuser@example.test{second}}}
  "Jürgen Müller": {{password: {password}, email: juergen@example.test}}
"""
SECOND_FACTOR = ", totp_secret: JBSWY3DPEHPK3PXP"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", required=True)
    arguments.add_argument("--second-factor", action="store_true", help="the user has to give a code, too")
    arguments.add_argument("--personas", action="store_true", help="a button for each user in place of a password")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="oauthwatch-nanoidp-") as directory:
        config = pathlib.Path(directory)
        (config / "settings.yaml").write_text(SETTINGS.format(
            port=options.port, origin=options.origin, two_step=str(not options.personas).lower(),
            totp=str(options.second_factor).lower(), mode="persona" if options.personas else "password",
            secret=os.urandom(16).hex()))
        (config / "users.yaml").write_text(USERS.format(
            password=json.dumps(os.environ["TEST_PASSWORD"]), second=SECOND_FACTOR if options.second_factor else ""))
        server = subprocess.Popen(
            [sys.executable, "-m", "nanoidp", "--config", directory, "--profile", "oauth21"], cwd=directory,
            stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{options.port}/.well-known/openid-configuration", server)
            print("READY", flush=True)
            return server.wait()
        finally:
            server.terminate()
            server.wait()


def wait_for(url, server):
    """Returns when `url` answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None:
        try:
            return direct.open(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"nanoidp ended with {server.returncode}")


def stop(*_):
    raise SystemExit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    sys.exit(main())
