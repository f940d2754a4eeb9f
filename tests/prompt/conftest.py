"""A home to type in."""

import pytest

from tests.servers import clean_environment


@pytest.fixture
def env(tmp_path, monkeypatch) -> dict[str, str]:
    """An environment whose home is the working folder, and that asks no account for anything."""
    monkeypatch.chdir(tmp_path)
    return {**clean_environment(tmp_path), "AWSMINI_COMPLETE_REMOTE": "0", "AWS_DEFAULT_REGION": "us-east-1"}
