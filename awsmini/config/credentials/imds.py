"""The EC2 instance metadata service: the role's credentials, and the region of the instance.

Version 2 first: a token, then what is asked for. Where the token is refused (403, 404, 405) or does not come in
time, version 1 is spoken, unless that is switched off. The service not being there is no error: most machines
are no instances.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from awsmini.config.credentials.errors import (
    CredentialRetrievalError,
    InvalidMetadataEndpointError,
    MetadataError,
    understanding,
)
from awsmini.config.credentials.source import ADVISORY, Refreshing, Search, Source
from awsmini.config.credentials.times import parse_time, utc_text
from awsmini.config.settings import InvalidConfigError, Settings
from awsmini.errors import ProxyConnectionError, ReadTimeoutError, SendError
from awsmini.log import debug
from awsmini.records import Credentials, Reply, Request
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import from_environment
from awsmini.version import __version__

if TYPE_CHECKING:
    from awsmini.app import App

METHOD = "iam-role"
FEATURES = ("CREDENTIALS_IMDS",)
IPV4 = "http://169.254.169.254/"
IPV6 = "http://[fd00:ec2::254]/"
TOKEN_PATH = "latest/api/token"
ROLE_PATH = "latest/meta-data/iam/security-credentials/"
ZONE_PATH = "latest/meta-data/placement/availability-zone/"
TOKEN_SECONDS = "21600"
FIELDS = ("AccessKeyId", "SecretAccessKey", "Token", "Expiration")
_LABELS = re.compile(r"((?!-)[A-Z\d-]{1,63}(?<!-)\.)*((?!-)[A-Z\d-]{1,63}(?<!-))", re.IGNORECASE)


class _NoAnswer(Exception):
    """The service is not there, is switched off, or has nothing."""


class Metadata:
    """One conversation with the service."""

    def __init__(self, settings: Settings, app: "App") -> None:
        self._base = base_url(settings)
        self._attempts = settings.value("metadata_service_num_attempts")
        self._disabled = settings.value("ec2_metadata_disabled")
        self._v1_disabled = settings.value("ec2_metadata_v1_disabled")
        timeout = float(settings.value("metadata_service_timeout"))
        self._options = SenderOptions(connect_timeout=timeout, read_timeout=timeout, proxies=from_environment(app.env))
        self._app = app
        self._send: Callable[[Request], Reply] | None = None

    def token(self) -> str | None:
        """A session token; None means that version 1 is to be spoken."""
        headers = {"x-aws-ec2-metadata-token-ttl-seconds": TOKEN_SECONDS}
        for _ in range(self._attempts):
            try:
                reply = self._request("PUT", TOKEN_PATH, headers)
            except ReadTimeoutError:
                return None
            except ProxyConnectionError:
                raise  # whether this is an instance, nobody knows then
            except SendError as error:
                debug("config.credentials", "No token from the metadata service: %s", error)
                continue
            if reply.status == 200:
                return reply.body.decode(errors="replace").strip()
            if reply.status in (403, 404, 405):
                return None
            if reply.status == 400:
                raise _NoAnswer
        return None

    def text(self, path: str, token: str | None, good: Callable[[str], bool] = bool) -> str:
        """What the service says at a path, when it is `good`."""
        if not token and self._v1_disabled:
            raise MetadataError("Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled")
        headers = {} if token is None else {"x-aws-ec2-metadata-token": token}
        for _ in range(self._attempts):
            try:
                reply = self._request("GET", path, headers)
            except ProxyConnectionError:
                raise
            except SendError as error:
                debug("config.credentials", "No answer from the metadata service: %s", error)
                continue
            text = reply.body.decode("utf-8-sig", "replace").strip()
            if reply.status == 200 and good(text):
                return text
            debug("config.credentials", "The metadata service answered %s at %s", reply.status, path)
        raise _NoAnswer

    def _request(self, method: str, path: str, headers: dict[str, str]) -> Reply:
        if self._disabled:
            debug("config.credentials", "Access to EC2 metadata has been disabled.")
            raise _NoAnswer
        if self._send is None:
            self._send = self._app.open_sender(self._options)
        url = f"{self._base}{'' if self._base.endswith('/') else '/'}{path}"
        return self._send(Request(method=method, url=url, headers={**headers, "User-Agent": f"awsmini/{__version__}"}))


def base_url(settings: Settings) -> str:
    """Where the service is. Raises for an address or a mode that cannot be one."""
    mode = settings.value("ec2_metadata_service_endpoint_mode")
    if mode is not None and mode.lower() not in ("ipv4", "ipv6"):
        raise InvalidConfigError(
            f"Invalid EC2 Instance Metadata endpoint mode: {mode} Valid endpoint modes (case-insensitive): "
            "('ipv4', 'ipv6')."
        )
    ipv6 = settings.value("imds_use_ipv6") if mode is None else mode.lower() == "ipv6"
    url: str = settings.value("ec2_metadata_service_endpoint") or (IPV6 if ipv6 else IPV4)
    if not _has_host(url):
        raise InvalidMetadataEndpointError(url)
    return url


def _has_host(url: str) -> bool:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    if host is None or any(character in url for character in "\t\r\n"):
        return False
    return ":" in host or (len(host) <= 255 and _LABELS.fullmatch(host.removesuffix(".")) is not None)


def load(search: Search) -> Source | None:
    credentials = _fetch(search)
    if credentials is None:
        return None

    def again() -> Credentials:
        fresh = _fetch(search)
        if fresh is None:
            missing = "access_key, secret_key, token, expiry_time"
            raise CredentialRetrievalError(METHOD, f"Credential refresh failed, response did not contain: {missing}")
        return fresh

    return Refreshing(again, METHOD, search.app.now, credentials, FEATURES)


def _fetch(search: Search) -> Credentials | None:
    metadata = Metadata(search.settings, search.app)
    try:
        token = metadata.token()
        role = metadata.text(ROLE_PATH, token, _is_no_page)
        answer = json.loads(metadata.text(ROLE_PATH + role, token, _is_json))
    except _NoAnswer:
        return None
    if not isinstance(answer, dict) or not all(field in answer for field in FIELDS):
        debug("config.credentials", "The metadata service's answer lacks credentials")
        return None
    debug("config.credentials", "Found credentials from IAM Role: %s", role)
    with understanding(METHOD):
        return Credentials(
            access_key=answer["AccessKeyId"],
            secret_key=answer["SecretAccessKey"],
            token=answer["Token"],
            expires=extended(answer["Expiration"], search.app.now(), search.app.uniform),
            method=METHOD,
        )


def _is_no_page(text: str) -> bool:
    """Whether something in between has not answered in the service's place."""
    return bool(text.strip()) and "<" not in text


def _is_json(text: str) -> bool:
    """Whether it is an object, as the answer has to be."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def extended(expiration: Any, now: datetime, uniform: Callable[[], float]) -> datetime:
    """The time of expiry; near or past it, a time some 17 to 25 minutes ahead.

    The service may hand out old credentials while it is disturbed; those still work, and the spread keeps a
    fleet from asking all at once.
    """
    expires = parse_time(expiration)
    ahead = ADVISORY + timedelta(seconds=120 + int(uniform() * 481))
    if now < expires - ahead:
        return expires
    debug(
        "config.credentials",
        "Attempting credential expiration extension due to a credential service availability issue.",
    )
    return parse_time(utc_text(now.astimezone(timezone.utc) + ahead))


def instance_region(settings: Settings, app: "App") -> str | None:
    """The region of this instance: its availability zone without the letter. None on any other machine."""
    metadata = Metadata(settings, app)
    try:
        return metadata.text(ZONE_PATH, metadata.token(), _is_no_page)[:-1]
    except _NoAnswer:
        return None
