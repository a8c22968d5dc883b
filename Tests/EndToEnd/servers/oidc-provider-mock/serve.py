"""An OpenID provider that is no MCP server. Its page has a form for each known identity; the identity is the button."""

import argparse
import logging
import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain http on loopback

import oidc_provider_mock
import werkzeug.serving


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    options = arguments.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    application = oidc_provider_mock.app(
        require_client_registration=True,
        user_claims=[
            oidc_provider_mock.User(sub=name, claims={"email": f"{name}@example.test"})
            for name in ("somebody-else", "testuser", "testuser2")
        ],
    )
    server = werkzeug.serving.make_server("127.0.0.1", options.port, application, threaded=True)
    print("READY", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
