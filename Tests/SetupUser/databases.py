"""The databases that users are written into: a file of SQLite, and a PostgreSQL that the suite starts."""

import glob
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time

from suite.report import Skip

# The schema of the first user's server, and one with more that must not be null but has defaults.
PLAIN = "CREATE TABLE users (id {key}, username VARCHAR(80) UNIQUE NOT NULL, password_hash VARCHAR(255) NOT NULL, email VARCHAR(120) UNIQUE)"
DEFAULTS = (
    "CREATE TABLE users (id {key}, username VARCHAR(80) UNIQUE NOT NULL, email VARCHAR(120) NOT NULL, role TEXT NOT NULL DEFAULT 'user', "
    "password_hash TEXT NOT NULL, active BOOLEAN NOT NULL DEFAULT TRUE, created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, notes TEXT)"
)
UNKNOWN = (
    "CREATE TABLE users (id {key}, username VARCHAR(80) UNIQUE NOT NULL, password_hash TEXT NOT NULL, email TEXT, "
    "tenant INTEGER NOT NULL, plan TEXT NOT NULL DEFAULT 'free', locale TEXT NOT NULL)"
)


class SQLite:
    """A file in a directory of its own."""

    name = "SQLite"
    key = "INTEGER PRIMARY KEY"

    def __init__(self, directory):
        self.path = f"{directory}/users.db"
        self.url = f"sqlite:///{self.path}"
        self.pantry = self.path

    def reset(self, schema):
        if os.path.exists(self.path):
            os.remove(self.path)
        self.run(schema.format(key=self.key))

    def run(self, statement):
        """The rows, as lists of texts."""
        with sqlite3.connect(self.path) as database:
            return [[value if value is None else str(value) for value in row] for row in database.execute(statement)]


class PostgreSQL:
    """Debian's PostgreSQL on a loopback port and a socket, run by a user without rights."""

    name = "PostgreSQL"
    key = "SERIAL PRIMARY KEY"
    password = "meal_pw/1@x"

    def __init__(self):
        places = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda place: int(place.split("/")[4]))
        found = places[-1] if places else os.path.dirname(shutil.which("initdb") or "")
        if not found:
            raise Skip("PostgreSQL is not installed (Debian package postgresql)")
        self.bin = found
        self.directory = tempfile.mkdtemp(prefix="oauthwatch-pg-")
        self.user = {}
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres" if any(u.pw_name == "postgres" for u in pwd.getpwall()) else "nobody")
            self.user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None
        quoted = self.password.replace("/", "%2F").replace("@", "%40")
        self.url = f"postgresql://brj:{quoted}@127.0.0.1:{self.port}/meal_manager"
        self.socket_url = f"postgresql+psycopg2://brj:{quoted}@/meal_manager?host={self.directory}&port={self.port}"
        self.pantry = f"-h {self.directory} -p {self.port} -U brj meal_manager"

    def start(self):
        secret = f"{self.directory}/password"
        with open(secret, "w") as file:
            file.write(self.password)
        os.chmod(secret, 0o644)
        data = f"{self.directory}/data"
        self.tool("initdb", "-D", data, "-U", "brj", "-A", "scram-sha-256", "--pwfile", secret, "-N", "-E", "UTF8", "--no-locale")
        # The socket is for the suite and its server, without a password; the port wants one.
        with open(f"{data}/pg_hba.conf", "w") as file:
            file.write("local all brj trust\nhost all brj 127.0.0.1/32 scram-sha-256\n")
        settings = [f"-c{name}" for name in ("fsync=off", f"unix_socket_directories={self.directory}", "listen_addresses=127.0.0.1")]
        with open(f"{self.directory}/log", "w") as log:
            self.process = subprocess.Popen(
                [f"{self.bin}/postgres", "-D", data, "-p", str(self.port), *settings],
                stdout=log, stderr=log, cwd=self.directory, **self.user)
        for _ in range(150):
            ready = [f"{self.bin}/pg_isready", "-q", "-h", self.directory, "-p", str(self.port)]
            if subprocess.run(ready).returncode == 0:
                break
            time.sleep(0.2)
        self.tool("createdb", "-h", self.directory, "-p", str(self.port), "-U", "brj", "meal_manager")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=30)
        shutil.rmtree(self.directory, ignore_errors=True)

    def reset(self, schema):
        self.run("DROP TABLE IF EXISTS users")
        self.run(schema.format(key=self.key))

    def run(self, statement):
        """The rows, as lists of texts."""
        null = "<null>"
        command = ["psql", "-X", "-q", "-t", "-A", "-F", "\t", "-P", f"null={null}", "-v", "ON_ERROR_STOP=1"]
        answer = self.tool(*command, *self.pantry.split(), "-c", statement)
        return [[None if value == null else value for value in line.split("\t")] for line in answer.splitlines()]

    def tool(self, name, *arguments):
        answer = subprocess.run(
            [f"{self.bin}/{name}", *arguments], capture_output=True, text=True, cwd=self.directory, timeout=120, **self.user)
        if answer.returncode != 0:
            raise RuntimeError(f"{name} failed: {answer.stderr}")
        return answer.stdout
