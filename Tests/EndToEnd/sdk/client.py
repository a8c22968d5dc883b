"""The reference client: the official MCP SDK, with a scripted person before its browser.

Reads a JSON object a line, each a play: `id`, `url`, `mode` (`legacy`, `auto` or a protocol version; SDK 1.x knows `legacy`),
`user`, `password`, `redirect`, `name`, `document` (the URL of the client's metadata, or null), `limit` in seconds, and `memory`, which two plays share that are one client before and after its
restart. A play logs in, lists the tools, calls `echo`, lets the token run out and does both again. Prints `id` and `answer`,
`ok` or the error, a line each, as they end.
"""

import asyncio
import importlib.metadata
import ipaddress
import json
import logging
import socket
import sys
import time

from browser import Browser
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

IS_SECOND = importlib.metadata.version("mcp").startswith("2.")
SECONDS = 10  # for one request


class Memory:
    """Keeps what the SDK wants kept, as long as the process lives."""

    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


MEMORIES = {}


def fence():
    """Nothing leaves this machine: the SDK would go wherever metadata under test send it."""
    resolve, connect = socket.getaddrinfo, asyncio.BaseEventLoop.create_connection

    def check(host):
        try:
            inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            inside = False
        if not inside:
            raise OSError(f"the test lets nobody go to {host}")

    def resolve_inside(host, *more, **named):
        check(host.decode() if isinstance(host, bytes) else host)
        return resolve(host, *more, **named)

    async def connect_inside(self, factory, host=None, *more, **named):
        if host is not None:
            check(host)
        return await connect(self, factory, host, *more, **named)

    socket.getaddrinfo, asyncio.BaseEventLoop.create_connection = resolve_inside, connect_inside


async def play(scene):
    memory = MEMORIES.setdefault(scene["memory"], Memory()) if scene.get("memory") else Memory()
    browser = Browser(scene["redirect"], scene["user"], scene["password"], SECONDS)
    answer = {}

    async def go(url):
        answer.update(await asyncio.to_thread(browser.open, url))

    async def code():
        if "code" not in answer:
            raise RuntimeError(f"the browser came back with {answer.get('error')}")
        if not IS_SECOND:
            return answer["code"], answer.get("state")
        from mcp.client.auth import AuthorizationCodeResult

        return AuthorizationCodeResult(code=answer["code"], state=answer.get("state"), iss=answer.get("iss"))

    metadata = OAuthClientMetadata(client_name=scene["name"], redirect_uris=[scene["redirect"]])
    provider = OAuthClientProvider(scene["url"], metadata, memory, go, code, client_metadata_url=scene["document"])

    async def use(session):
        await session.list_tools()
        await session.call_tool("echo", {"text": "jar"})
        provider.context.token_expiry_time = time.time() - 1
        await session.list_tools()
        await session.call_tool("echo", {"text": "jar"})

    if IS_SECOND:
        import httpx2
        from mcp.client.client import Client

        async with httpx2.AsyncClient(auth=provider, timeout=SECONDS) as http:
            async with Client(streamable_http_client(scene["url"], http_client=http), mode=scene["mode"], cache=None) as client:
                await use(client)
        return
    import httpx
    from mcp import ClientSession

    async with httpx.AsyncClient(auth=provider, timeout=SECONDS) as http:
        async with streamable_http_client(scene["url"], http_client=http) as (read, write, _):
            async with ClientSession(read, write) as session:
                await session.initialize()
                await use(session)


def reason(error):
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return " ".join(f"{type(error).__name__}: {error}".split())


async def answer(scene):
    # A task of its own: the SDK's cancel scopes are entered and left in one.
    task = asyncio.create_task(play(scene))
    done, _ = await asyncio.wait([task], timeout=scene["limit"])
    if not done:
        task.cancel()
        await asyncio.wait([task], timeout=5)
        text = "waits for ever"
    else:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        text = "ok" if error is None else reason(error)
    print(json.dumps({"id": scene["id"], "answer": text}), flush=True)


async def main():
    logging.disable(logging.CRITICAL)
    fence()
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with asyncio.TaskGroup() as tasks:
        while line := await reader.readline():
            tasks.create_task(answer(json.loads(line)))


if __name__ == "__main__":
    asyncio.run(main())
