"""A bucket by its URL, at any service that speaks S3, with an end to each wait for it."""

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from obstore.store import ObjectStore, S3Store, from_url

if TYPE_CHECKING:  # these names are for type checkers alone
    from obstore.store import ClientConfig, RetryConfig, S3Config

# A silence, not a whole download: a picture may take minutes to a slow phone.
_WAITS: "ClientConfig" = {"connect_timeout": "3s", "read_timeout": "10s", "timeout": "10m"}
_TRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


def bucket_at(url: str) -> ObjectStore:
    """The store at `s3://bucket/prefix?endpoint=https://…&region=…`; keys come from the usual `AWS_` variables."""
    parts = urlsplit(url)
    if parts.scheme != "s3":
        return from_url(url)
    told = dict(parse_qsl(parts.query))
    endpoint = told.get("endpoint") or next(filter(None, map(os.environ.get, _ENDPOINTS)), "")
    config: S3Config = {}
    if endpoint:
        config["endpoint"] = endpoint
    if region := told.get("region"):
        config["region"] = region
    # Asked for by its address alone: a service on one's own network seldom has a certificate.
    waits: ClientConfig = {**_WAITS, "allow_http": endpoint.startswith("http://")}
    return S3Store.from_url(parts._replace(query="").geturl(), config=config, client_options=waits, retry_config=_TRIES)


def reason_of(error: BaseException) -> str:
    """What is wrong with a place, in one line; a service names it in the middle of an answer in XML."""
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    named = re.search(r"<Code>(\w+)</Code>", str(error))
    return f"{named[1]}: {first.partition(': <?xml')[0]}" if named else first
