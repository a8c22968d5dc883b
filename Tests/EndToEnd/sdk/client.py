"""The reference client: the official MCP SDK, played against servers that approve every login at once.

Reads lines `URL MODE` and for each logs in, lists the tools, calls `echo`, lets the token run out and lists them again.
MODE is `legacy`, `auto` or a protocol version; SDK 1.x knows only `legacy`. Prints `ok` or the error, a line each.
"""

import asyncio
import importlib.metadata
import sys
import time
import urllib.parse
import urllib.request

from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

IS_SECOND = importlib.metadata.version("mcp").startswith("2.")
REDIRECT = "http://localhost:3000/callback"


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


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """Goes to the authorization endpoint and takes the answer at the redirect URI; nothing is fetched there."""

    def __init__(self):
        self.answer = {}

    async def go(self, url):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)
        try:
            await asyncio.to_thread(opener.open, url, None, 10)
        except urllib.error.HTTPError as redirect:
            location = redirect.headers["Location"]
            redirect.close()
            self.answer = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(location).query))

    async def code(self):
        code, state = self.answer["code"], self.answer.get("state")
        if not IS_SECOND:
            return code, state
        from mcp.client.auth import AuthorizationCodeResult

        return AuthorizationCodeResult(code=code, state=state, iss=self.answer.get("iss"))


async def play(url, mode):
    browser, memory = Browser(), Memory()
    metadata = OAuthClientMetadata(client_name="Claude Desktop", redirect_uris=[REDIRECT])
    provider = OAuthClientProvider(url, metadata, memory, browser.go, browser.code)

    async def use(session):
        await session.list_tools()
        await session.call_tool("echo", {"text": "jar"})
        provider.context.token_expiry_time = time.time() - 1
        await session.list_tools()

    if IS_SECOND:
        import httpx2
        from mcp.client.client import Client

        async with httpx2.AsyncClient(auth=provider, timeout=10) as http:
            async with Client(streamable_http_client(url, http_client=http), mode=mode, cache=None) as client:
                await use(client)
        return
    import httpx
    from mcp import ClientSession

    async with httpx.AsyncClient(auth=provider, timeout=10) as http:
        async with streamable_http_client(url, http_client=http) as (read, write, _):
            async with ClientSession(read, write) as session:
                await session.initialize()
                await use(session)


def reason(error):
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}".replace("\n", " ")


def main():
    for line in sys.stdin:
        url, mode = line.split()
        try:
            asyncio.run(asyncio.wait_for(play(url, mode), 20))
            print("ok", flush=True)
        except BaseException as error:  # noqa: BLE001: an exception group of the SDK may be none of Exception
            print(reason(error), flush=True)


if __name__ == "__main__":
    main()
