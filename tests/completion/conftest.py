"""A line, completed in this process."""

from collections.abc import Callable, Mapping

import pytest

from awsmini.completion.engine import complete
from awsmini.completion.values import World
from awsmini.completion.words import split
from tests.servers import clean_environment

Completed = Callable[..., list[str]]


@pytest.fixture
def env(tmp_path, monkeypatch) -> dict[str, str]:
    """An environment whose home is the working folder, and that asks no account for anything."""
    monkeypatch.chdir(tmp_path)
    return {**clean_environment(tmp_path), "AWSMINI_COMPLETE_REMOTE": "0"}


@pytest.fixture
def completed(env) -> Completed:
    """The candidates' texts for a line that the cursor stands at the end of."""

    def candidates(line: str, more: Mapping[str, str] | None = None, *, seconds: float = 5.0) -> list[str]:
        world = World({**env, **(more or {})}, lambda: seconds)
        return [candidate.text for candidate in complete(split(line), world)]

    return candidates
