"""The signing key that a desk makes for itself."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from csts.kit.secrets import kept_key


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = kept_key(tmp_path / "data")
    assert len(key) >= 32
    assert kept_key(tmp_path / "data") == key


def test_a_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    kept_key(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_many_who_start_at_once_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        keys = list(threads.map(kept_key, [tmp_path] * 64))
    assert len(set(keys)) == 1
    assert keys[0]


def test_an_empty_key_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    with pytest.raises(ValueError, match="is empty"):
        kept_key(tmp_path)
