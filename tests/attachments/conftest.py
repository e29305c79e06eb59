"""A server of S3 for who asks for one."""

from collections.abc import Iterator

import pytest

from tests.support.s3 import S3


@pytest.fixture(scope="module")
def service() -> Iterator[S3]:
    with S3() as running:
        yield running
