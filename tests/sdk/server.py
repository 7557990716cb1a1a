"""A server for one run, and the SDK's client for it."""

import base64
import json
import os
import re
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path

from azure.core.credentials import AccessToken
from msgraph import GraphServiceClient

CLIENT_ID = str(uuid.uuid4())
CLIENT_SECRET = uuid.uuid4().hex
START_SECONDS = 30


# The PostgreSQL that the other tests use.
POSTGRESQL = os.environ.get(
    "TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres?connect_timeout=2"
)


@contextmanager
def postgresql():
    """The address of a schema that vanishes; None where there is no PostgreSQL."""
    schema = f"sdk_{uuid.uuid4().hex}"
    try:
        psql(f"CREATE SCHEMA {schema}")
    except (OSError, subprocess.CalledProcessError) as missing:
        assert "TEST_DATABASE_URL" not in os.environ, missing
        yield None
        return
    try:
        joint = "&" if "?" in POSTGRESQL else "?"
        yield f"{POSTGRESQL}{joint}options=-csearch_path%3D{schema}"
    finally:
        psql(f"SET client_min_messages = error; DROP SCHEMA {schema} CASCADE")


def psql(statement: str) -> None:
    command = ["psql", "-X", "-q", "-w", "-c", statement, POSTGRESQL]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class StaticToken:
    """A credential that holds a token already."""

    def __init__(self, token: str):
        self.token = token

    def get_token(self, *_scopes, **_options) -> AccessToken:
        return AccessToken(self.token, int(time.time()) + 3600)


class Server:
    """The server as a child process on a database of its own: an address, or SQLite."""

    def __init__(self, program: str, database: str | None = None):
        self.program = str(Path(program).resolve())
        self.database = database

    def __enter__(self) -> "Server":
        self.folder = tempfile.TemporaryDirectory()
        settings = {
            "ROSTER_LISTEN": "127.0.0.1:0",
            "ROSTER_LOG_FORMAT": "json",
            "ROSTER_BOOTSTRAP_CLIENT_ID": CLIENT_ID,
            "ROSTER_BOOTSTRAP_CLIENT_SECRET": CLIENT_SECRET,
            "ROSTER_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
        }
        if self.database:
            settings["DATABASE_URL"] = self.database
        self.process = subprocess.Popen(
            [self.program],
            cwd=self.folder.name,
            env={"PATH": os.environ["PATH"], **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        too_late = threading.Timer(START_SECONDS, self.process.kill)
        too_late.start()
        self.url = self._address()
        too_late.cancel()
        return self

    def _address(self) -> str:
        for line in self.process.stdout:
            found = re.search(r"ready at (\S+)", line)
            if found:
                return found.group(1)
        raise RuntimeError("the server ended, or told no address in time")

    def __exit__(self, *_exception) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.folder.cleanup()

    def token(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        body = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"{self.url}/oauth2/token", body) as answer:
            return json.load(answer)["access_token"]

    def sdk(self) -> GraphServiceClient:
        """The SDK's own client; only its address is another."""
        client = GraphServiceClient(StaticToken(self.token()))
        client.request_adapter.base_url = f"{self.url}/v1.0"
        return client
