"""The line to an OpenAI-shaped API. Importing this takes a second, so `client.py` does it where it is needed."""

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, cast

import httpx2
import msgspec
import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

from csts.kit import clock
from csts.llm.errors import Flaw, LlmError, LlmLimited, LlmRefused, LlmUnavailable, LlmUnusable
from csts.llm.prompts import Message
from csts.llm.usage import Heard
from csts.settings import Settings

# More than any answer that we would take, with all that is wrapped around each piece of it.
MAX_BYTES = 4 * 1024 * 1024
MAX_RETRY_AFTER_SECONDS = 24 * 3600.0
_END = object()
# What an API has to know. The library would tell it this machine's system, Python and process as well.
_HEADERS = {"accept", "authorization", "connection", "content-length", "content-type", "host", "user-agent"}


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Tokens(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Groq(msgspec.Struct):
    usage: _Tokens | None = None


class _Chunk(msgspec.Struct):
    """What we read of a chunk; the library checks none of it."""

    choices: list[_Choice] = []
    usage: _Tokens | None = None
    x_groq: _Groq | None = None


class Line:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Switched on by OPENAI_LOG, it would write whole questions into our log.
        for name in ("openai", "httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)
        times = httpx2.Timeout(settings.llm_read_seconds, connect=settings.llm_connect_seconds)
        # No redirects: what customers write goes to the address that the operator named, and to no other.
        key = settings.groq_api_key.get_secret_value()
        sent = _HEADERS if key else _HEADERS - {"authorization"}
        hooks: dict[str, list[Callable[..., Any]]] = {"request": [partial(_spare, sent=sent)], "response": [_cap]}
        http = httpx2.AsyncClient(timeout=times, follow_redirects=False, event_hooks=hooks)
        # No retries: while the line is tried again, the desk's own answer could be there.
        # It wants a key, or looks for one of its own in the environment; the hook sends none where there is none.
        self._client = AsyncOpenAI(
            api_key=key or "none", base_url=settings.llm_base_url, max_retries=0, http_client=http
        )

    async def stream(self, messages: list[Message], heard: Heard) -> AsyncGenerator[str, None]:
        """Pieces of the text as they come. Raises LlmError for whatever goes wrong, and fills `heard`."""
        deadline = asyncio.get_running_loop().time() + self._settings.llm_total_seconds
        try:
            async with asyncio.timeout_at(deadline):
                stream = await self._open(messages)
            try:
                # Not around the loop: the time limit is ours, and not of whoever works on a piece meanwhile.
                while (chunk := await _next(stream, deadline)) is not _END:
                    if piece := _read(chunk, heard):
                        yield piece
            finally:
                await stream.close()
        except (openai.OpenAIError, httpx2.HTTPError, OSError, ValueError) as error:
            # ValueError: a piece that is no JSON, or is no text.
            raise _told(error) from None
        if not heard.finish:
            raise LlmUnavailable("cut")
        if heard.finish == "content_filter":
            raise LlmUnusable(Flaw.FILTERED)

    async def close(self) -> None:
        await self._client.close()

    async def _open(self, messages: list[Message]) -> AsyncStream[ChatCompletionChunk]:
        return await self._client.chat.completions.create(
            model=self._settings.llm_model,
            messages=cast("list[ChatCompletionMessageParam]", messages),
            stream=True,
            stream_options={"include_usage": True},
            max_completion_tokens=self._settings.llm_max_tokens,
            extra_body=_reasoning(self._settings),
        )


def _reasoning(settings: Settings) -> dict[str, str]:
    effort = settings.llm_reasoning
    if effort == "auto":
        effort = "low" if "gpt-oss" in settings.llm_model else "off"
    return {} if effort == "off" else {"reasoning_effort": effort}


async def _next(stream: AsyncStream[ChatCompletionChunk], deadline: float) -> object:
    async with asyncio.timeout_at(deadline):
        return await anext(stream, _END)


def _read(chunk: object, heard: Heard) -> str:
    read = msgspec.convert(chunk, _Chunk, from_attributes=True)
    tokens = read.usage or (read.x_groq and read.x_groq.usage)
    if tokens:
        heard.prompt_tokens, heard.completion_tokens = tokens.prompt_tokens, tokens.completion_tokens
    if not read.choices:
        return ""
    heard.finish = read.choices[0].finish_reason or heard.finish
    delta = read.choices[0].delta
    return (delta.content or "") if delta else ""


def _told(error: Exception) -> LlmError:
    """The error in our words, which quote neither the question nor the key."""
    if isinstance(error, openai.APIStatusError):
        return _of_status(error.status_code, error.response.headers.get("retry-after", ""))
    if isinstance(error, openai.APIConnectionError):
        return LlmUnavailable(_reason(error.__cause__))
    if isinstance(error, TimeoutError):
        return LlmUnavailable("total_timeout")
    if isinstance(error, openai.APIError):
        return LlmUnavailable("server_error")
    return LlmUnavailable("bad_stream")


def _reason(cause: BaseException | None) -> str:
    if isinstance(cause, httpx2.ConnectTimeout | httpx2.ConnectError):
        return "no_connection"
    return "silence" if isinstance(cause, httpx2.TimeoutException) else "cut"


def _of_status(status: int, retry_after: str) -> LlmError:
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return LlmLimited(_seconds(retry_after))
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status == httpx2.codes.REQUEST_TIMEOUT:
        return LlmUnavailable("server_error", status=status)
    return LlmRefused("status", status=status)


def _seconds(retry_after: str) -> float:
    """Seconds from either form of the header (RFC 9110, 10.2.3); 0 when it says nothing that can be read."""
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after) - clock.now()).total_seconds()
        except (ValueError, TypeError):
            return 0.0
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS) if math.isfinite(seconds) else 0.0


async def _spare(request: httpx2.Request, sent: set[str]) -> None:
    for name in set(request.headers) - sent:
        del request.headers[name]
    request.headers["user-agent"] = "csts"


async def _cap(response: httpx2.Response) -> None:
    response.stream = _Capped(response.stream)


class _Capped(httpx2.AsyncByteStream):
    """A body of which no more than MAX_BYTES is read, whatever it is."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_BYTES
        async for part in self._stream:
            left -= len(part)
            if left < 0:
                raise LlmUnusable(Flaw.ENDLESS)
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
