"""A world of one's own for settings and credentials: a home, an environment, a clock, and Peers to call."""

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from awsmini.app import App
from awsmini.session import Session
from tests.config.peers import Peers
from tests.servers import CaptureServer, clean_environment


@dataclass
class World:
    home: Path
    service: CaptureServer
    peers: Peers
    env: dict[str, str]
    ahead: float = 0.0  # seconds that the clock is ahead
    slept: list[float] = field(default_factory=list)
    chance: float = 0.0  # what `uniform` answers

    @property
    def app(self) -> App:
        return App(
            stdin=io.StringIO(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            env=self.env,
            now=lambda: datetime.now(timezone.utc) + timedelta(seconds=self.ahead),
            sleep=self.slept.append,
            uniform=lambda: self.chance,
        )

    def write(self, path: str, text: str) -> Path:
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def config(self, text: str) -> None:
        self.write(".aws/config", text)

    def session(self, profile: str | None = None, **flags: Any) -> Session:
        return Session(profile_name=profile, app=self.app, flags=flags)

    def credentials(self, profile: str | None = None) -> Any:
        return self.session(profile).credentials.get()

    def cached(self, folder: str = "cli/cache") -> list[Path]:
        return sorted((self.home / ".aws" / folder).glob("*.json"))


@pytest.fixture
def world(tmp_path: Path, capture_server: CaptureServer) -> World:
    peers = Peers()
    capture_server.always(peers)
    env = clean_environment(tmp_path)
    env |= {
        "AWS_ENDPOINT_URL": capture_server.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "BOTO_CONFIG": str(tmp_path / "no-boto.cfg"),
    }
    return World(tmp_path, capture_server, peers, env)
