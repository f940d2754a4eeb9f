"""Clients of S3 for tests: nothing of this user's, a clock that stands still, answers from a function."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from awsmini.app import App, open_sender
from awsmini.client import Client
from awsmini.records import Reply, Request
from awsmini.session import Session
from tests.servers import clean_environment

NOW = datetime(2026, 11, 29, 23, 59, 58, tzinfo=timezone.utc)
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret/KEY+1"}


def nobody(_options: Any) -> Callable[[Request], Reply]:
    """In the place of a sender, where nothing may be sent."""

    def refuse(request: Request) -> Reply:
        raise AssertionError(f"sent: {request.method} {request.url}")

    return refuse


def s3_client(
    home: Path,
    url: str | None = None,
    env: Mapping[str, str] | None = None,
    *,
    sender: Callable[[Any], Callable[[Request], Reply]] = open_sender,
    now: Callable[[], datetime] | None = None,
    flags: Mapping[str, Any] | None = None,
    verify: bool | str | None = None,
) -> Client:
    """A client with keys and a region from its own environment."""
    around = clean_environment(home) | {**KEYS, "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}
    app = App(io.StringIO(), io.StringIO(), io.StringIO(), around | dict(env or {}), open_sender=sender)
    if now is not None:
        app = app._replace(now=now)
    return Session(app=app, flags=flags).client("s3", endpoint_url=url, verify=verify)
