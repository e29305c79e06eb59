"""Everything that an operator may set, read once from the environment and from `.env`."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from limits import parse as parse_limit
from pydantic import AfterValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis.asyncio import ConnectionPool


def _limit(text: str) -> str:
    # Only to refuse it at the start, and not at the first sign-in.
    if text:
        parse_limit(text)
    return text


def _names(value: str) -> str:
    names = [name.strip() for name in value.split(",")]
    if not all(names) or len(set(names)) != len(names):
        raise ValueError("a comma list of different names, such as account,billing")
    return ",".join(names)


def _redis(url: SecretStr) -> SecretStr:
    # Told without quoting it, for it may hold a password.
    if url.get_secret_value():
        try:
            # Not asked yet: only so that an option which does not exist is told at the start.
            ConnectionPool.from_url(url.get_secret_value()).make_connection()  # type: ignore[no-untyped-call]  # theirs
        except (TypeError, ValueError):
            raise ValueError("not the address of a Redis, such as redis://:password@127.0.0.1:6379/0") from None
    return url


def _place_of_files(place: str) -> str:
    parts = urlsplit(place)
    if "://" in place and not (parts.scheme == "s3" and parts.netloc):
        raise ValueError("a folder, or a bucket such as s3://desk-uploads/files?endpoint=https://s3.example.org")
    if (
        unknown := {name for name, _ in parse_qsl(parts.query)} - {"endpoint", "region"}
        if parts.scheme == "s3"
        else None
    ):
        raise ValueError(f"an address of a bucket takes endpoint and region, and not {', '.join(sorted(unknown))}")
    return place


GROQ_URL = "https://api.groq.com/openai/v1"


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"not the address of an API, such as {GROQ_URL}")
    return url.rstrip("/")


def _mail_way(url: SecretStr, info: ValidationInfo) -> SecretStr:
    # Told without quoting it, for it may hold a password.
    parts = urlsplit(url.get_secret_value())
    is_way = {"": not parts.path, "console": True, "file": parts.path.startswith("/") and not parts.netloc}
    if not is_way.get(parts.scheme, parts.scheme in {"smtp", "smtps"} and parts.hostname):
        raise ValueError("not a way for mail, such as smtp://user:password@mail.example.org:587 or file:///tmp/mail")
    # Links in letters lead nowhere else: what a request says about this site may be its sender's invention.
    if parts.scheme and not info.data.get("public_url"):
        raise ValueError("mail has links in it, so CSTS_PUBLIC_URL must say where people find the desk")
    return url


def _sender(text: str) -> str:
    if text and not re.fullmatch(r"[^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+", text):
        raise ValueError("not a sender, such as desk@example.org or Desk <desk@example.org>")
    return text


def _services(text: str) -> str:
    for service in text.split():
        # Without a port, which no service of a browser has, and which signatures for it would miss.
        if not re.fullmatch(r"https://(\*\.)?[a-z0-9.-]+|http://127\.0\.0\.1(:[0-9]+)?", service):
            raise ValueError(
                f"{service} is not a push service, such as https://push.example.org or https://*.example.org"
            )
    return text


def _confirming(wanted: str, info: ValidationInfo) -> str:
    way = info.data.get("smtp_url")
    if wanted == "required" and not (way and way.get_secret_value()):
        raise ValueError("nobody could confirm his address without mail, so CSTS_SMTP_URL must be set")
    return wanted


Limit = Annotated[str, AfterValidator(_limit)]
Place = Annotated[str, AfterValidator(_place_of_files)]


class Settings(BaseSettings):
    """One field per `CSTS_` variable; docs/reference/settings.md names them all.

    A limit reads `10/minute`; an empty one means none.
    """

    # What is unknown in `.env` is ignored: other programs may keep their settings there.
    model_config = SettingsConfigDict(env_prefix="CSTS_", env_file=".env", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    data: Path = Field(Path("data"), description="Folder of the default database, uploads and secret key.")
    database_url: str = Field(
        "", description="`sqlite+aiosqlite:///…` or `mysql+asyncmy://…`; SQLite in the data folder by default."
    )
    redis_url: Annotated[SecretStr, AfterValidator(_redis)] = Field(
        SecretStr(""),
        description="`redis://…`, `rediss://…` or `unix://…`: what several processes need, to tell each other what "
        "happens and to count sign-ins, sign-ups, tickets and uploads together.",
    )
    uploads: Place = Field(
        "", description="Folder of uploaded files, or an `s3://` URL; in the data folder by default."
    )
    uploads_before: Place = Field(
        "",
        description="Where uploaded files were before they were moved: read from there while they are not yet moved.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs access tokens; made and kept in the data folder where it is missing."
    )
    agent_second_factor: Literal["optional", "required"] = Field(
        "optional",
        description="`required`: an agent without a second factor can do nothing but set one up.",
    )
    retention_audit_days: int = Field(
        365, ge=0, le=36_500, description="For how many days the audit log is kept; 0 keeps it for ever."
    )
    retention_closed_days: int = Field(
        0, ge=0, le=36_500, description="Days after which closed tickets lose their texts and files; 0 keeps them."
    )
    demo: bool = Field(default=True, description="Fill an empty database with demo data on the first start.")
    public_url: str = Field("", description="Address that people use, such as https://desk.example.org.")
    smtp_url: Annotated[SecretStr, AfterValidator(_mail_way)] = Field(
        SecretStr(""),
        description="How mail leaves: `smtp://user:password@host:587` or `smtps://…`, for development `console:` or "
        "`file:///folder`; empty for no mail. Wants `CSTS_PUBLIC_URL`.",
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(
        "", description="Sender of mail, such as `Desk <desk@example.org>`; `no-reply@` the public address by default."
    )
    push_services: Annotated[str, AfterValidator(_services)] = Field(
        "https://fcm.googleapis.com https://*.push.services.mozilla.com https://*.notify.windows.com "
        "https://*.push.apple.com",
        description="Push services that browsers may name, for notices with every page closed; empty for none.",
    )
    confirm_email: Annotated[str, AfterValidator(_confirming)] = Field(
        "optional",
        pattern="^(optional|required)$",
        description="`required` lets customers sign in only once they have confirmed their address; wants mail.",
    )
    brand: str = Field("L1 Desk", min_length=1, max_length=40, description="Name on screen.")
    access_token_seconds: int = Field(900, ge=5, description="Life of an access token.")
    refresh_token_seconds: int = Field(30 * 86400, ge=60, description="Life of a refresh token that is not used.")
    min_screenshots: int = Field(1, ge=0, le=3, description="How many screenshots a new ticket needs at least.")
    # Not JSON, as pydantic would have a list: nobody quotes that right in a shell at the first try.
    issue_types: Annotated[str, NoDecode, AfterValidator(_names)] = Field(
        "account,billing,technical,general", description="Categories of a ticket, a comma list."
    )
    limit_login: Limit = Field("10/minute", description="Failed sign-ins, for an account and from an address.")
    limit_reset: Limit = Field(
        "10/hour", description="Letters for a new password or a confirmation, for an account and from an address."
    )
    limit_register: Limit = Field("30/hour", description="Sign-ups from an address.")
    limit_tickets: Limit = Field("30/hour", description="New tickets of one customer.")
    limit_bulk: Limit = Field("60/minute", description="Changes to many tickets at once, of one agent.")
    limit_messages: Limit = Field(
        "600/minute", description="Chat messages of one person, and drafts that he keeps, each for each process."
    )
    limit_uploads: Limit = Field("120/minute", description="Uploaded files of one person.")
    limit_help: Limit = Field("240/minute", description="Searches and articles of the public help, from an address.")
    limit_exports: Limit = Field("3/hour", description="Copies of one customer's data.")
    limit_assistant: Limit = Field("30/minute", description="Questions of one person to the assistant.")
    assistant: bool = Field(default=True, description="Let the assistant answer; 0 leaves everything to people.")
    assistant_semantic: str = Field(
        "",
        description="Folder of a sentence model, by which the assistant knows what words mean; empty for none. "
        "Needs what `bin/setup --semantic` installs.",
    )
    assistant_threshold: float = Field(
        0.85, ge=0, le=1, description="How sure the assistant has to be of an answer; below it calls a person."
    )
    assistant_turns: int = Field(6, ge=1, description="Answers in one ticket before the assistant calls a person.")
    assistant_misses: int = Field(2, ge=1, description="Answers that did not help before it does.")
    assistant_people_only: str = Field("", description="Categories whose tickets go straight to people, a comma list.")
    groq_api_key: SecretStr = Field(
        SecretStr(""),
        description="Key of the language model's API. Without it, and with the default address, no language model is "
        "used and nothing leaves the machine.",
    )
    llm_base_url: Annotated[str, AfterValidator(_web_address)] = Field(
        GROQ_URL, description="Address of an OpenAI-compatible API; any but the default is used without a key as well."
    )
    llm_model: str = Field("openai/gpt-oss-120b", min_length=1, description="Name of the model at that address.")
    llm_reasoning: str = Field(
        "auto",
        pattern="^(auto|off|low|medium|high)$",
        description="How long a reasoning model thinks; `auto` is low for gpt-oss, and for others, as `off`, unsaid.",
    )
    llm_connect_seconds: float = Field(3, gt=0, le=60, description="Wait for a connection to the language model.")
    llm_read_seconds: float = Field(10, gt=0, le=300, description="Longest silence of the language model.")
    llm_total_seconds: float = Field(30, gt=0, le=600, description="Longest time for a whole answer of it.")
    llm_rest_seconds: float = Field(
        30, gt=0, le=3600, description="Pause after three failures, or when it is too busy and does not say how long."
    )
    llm_max_tokens: int = Field(
        1500, ge=50, le=32_000, description="Longest answer of the language model, its reasoning included, in tokens."
    )
    llm_max_turns: int = Field(12, ge=0, le=100, description="Newest messages of a room that it is shown.")
    llm_max_characters: int = Field(
        20_000, ge=2000, le=200_000, description="Question, articles and messages that it is shown, in characters."
    )
    llm_prompt_price: float = Field(0, ge=0, description="Price of a million tokens sent; 0 counts no costs.")
    llm_completion_price: float = Field(0, ge=0, description="Price of a million tokens received.")
    jobs: bool = Field(default=True, description="Run jobs in the server; 0 where `csts work` runs them.")
    sockets_per_person: int = Field(
        32, ge=0, description="Open sockets of one person, for each process; 0 means no limit."
    )
    metrics_token: SecretStr = Field(SecretStr(""), description="Opens /metrics to other machines as a bearer token.")
    log_format: str = Field("auto", pattern="^(auto|json|text)$", description="`json`, `text`, or `auto` by terminal.")

    @property
    def categories(self) -> list[str]:
        return self.issue_types.split(",")

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_url.get_secret_value())

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{(self.data / 'csts.db').absolute()}"

    @property
    def resolved_uploads(self) -> str:
        return self.uploads or str((self.data / "uploads").absolute())
