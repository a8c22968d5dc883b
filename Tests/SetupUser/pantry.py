"""A small MCP server whose users are in a database, with werkzeug's hashes: what the first user's server is like.

    pantry.py PORT DATABASE [--hash-twice] [--silent]

DATABASE is a file of SQLite, or the words after `psql` for PostgreSQL. With --hash-twice a new user's password is hashed
twice, so that nobody new can log in; with --silent the answer to a new user's form says nothing.
"""

import json
import secrets
import shlex
import sqlite3
import subprocess
import sys
from urllib.parse import urlencode

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.serving import run_simple

PORT, DATABASE, FLAGS = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
BASE = f"http://127.0.0.1:{PORT}"
LOGIN = """<form method="post"><input name="username"><input type="password" name="password"><button>Sign in</button></form>"""
REGISTER = """<h1>Register</h1><form method="post" action="/register_user"><input name="username"><input name="email" type="email">
<input type="password" name="password"><input type="password" name="confirm_password"><button>Register</button></form>"""


def stored_hash(username):
    """The user's hash; None when there is no such user."""
    if DATABASE.startswith("/"):
        with sqlite3.connect(DATABASE) as database:
            row = database.execute("SELECT password_hash FROM users WHERE username = ?", [username]).fetchone()
        return row and row[0]
    command = ["psql", "-X", "-q", "-t", "-A", "-v", f"name={username}", *shlex.split(DATABASE)]
    query = "SELECT password_hash FROM users WHERE username = :'name'"
    return subprocess.run(command, input=query, capture_output=True, text=True, check=True).stdout.strip() or None


def register_user(form):
    if form["password"] != form["confirm_password"]:
        return Response("Passwords do not match", 400)
    password = generate_password_hash(form["password"])
    if "--hash-twice" in FLAGS:
        password = generate_password_hash(password)
    try:
        with sqlite3.connect(DATABASE) as database:
            values = [form["username"], password, form["email"]]
            database.execute("INSERT INTO users (username, password_hash, email) VALUES (?, ?, ?)", values)
    except sqlite3.IntegrityError:
        return Response("Registration failed - user might already exist", 400)
    return page("<p>Hello.</p>" if "--silent" in FLAGS else "<p>Registration successful! You can log in now.</p>")


def authorize(request):
    if request.method == "GET":
        return page(LOGIN)
    found = stored_hash(request.form["username"])
    if not found or not check_password_hash(found, request.form["password"]):
        return page("<p>Invalid username or password.</p>" + LOGIN, 401)
    query = {"code": secrets.token_urlsafe(), "state": request.args["state"]}
    return Response(status=302, headers={"Location": f"{request.args['redirect_uri']}?{urlencode(query)}"})


def page(html, status=200):
    return Response(f"<!DOCTYPE html><title>Pantry</title>{html}", status, mimetype="text/html")


def answer(content, status=200, **headers):
    return Response(json.dumps(content), status, headers, mimetype="application/json")


def dispatch(request):
    match request.method, request.path:
        case "POST", "/":
            return answer({"error": "unauthorized"}, 401, **{"WWW-Authenticate": "Bearer"})
        case "GET", "/.well-known/oauth-authorization-server":
            return answer({
                "issuer": BASE, "authorization_endpoint": f"{BASE}/authorize", "token_endpoint": f"{BASE}/token",
                "registration_endpoint": f"{BASE}/register", "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"], "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
            })
        case "POST", "/register":
            return answer({**request.get_json(), "client_id": secrets.token_urlsafe()}, 201)
        case "GET" | "POST", "/authorize":
            return authorize(request)
        case "GET", "/register_user":
            return page(REGISTER)
        case "POST", "/register_user":
            return register_user(request.form)
    raise NotFound()


@Request.application
def application(request):
    try:
        return dispatch(request)
    except HTTPException as error:
        return error


run_simple("127.0.0.1", PORT, application, threaded=True)
