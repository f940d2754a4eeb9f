"""A terminal whose s3 commands talk to a stand-in of S3."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import clean_environment
from tests.services.s3.stand_in import StandIn
from tests.terminal import CREDENTIALS, Terminal


@pytest.fixture(scope="package")
def stand_in() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def s3(stand_in: StandIn) -> StandIn:
    """The stand-in, emptied, with one bucket."""
    stand_in.reset()
    stand_in.order = StandIn().order
    stand_in.bucket("b")
    return stand_in


@pytest.fixture
def aws_s3(tmp_path: Path, s3: StandIn) -> Terminal:
    """Commands in an empty folder, against the stand-in."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    env = clean_environment(home) | CREDENTIALS
    env |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": s3.url}
    return Terminal(folder, None, env)  # type: ignore[arg-type]
