"""Credentials that a container's host hands out: ECS tasks, EKS pods and whatever speaks like them."""

import json
from ipaddress import ip_address
from pkgutil import resolve_name
from urllib.parse import urlsplit

from awsmini.config.credentials.errors import CredentialRetrievalError, MetadataError, understanding
from awsmini.config.credentials.source import Refreshing, Search, Source
from awsmini.config.credentials.times import parse_time
from awsmini.errors import REDACT, AwsminiError, SendError
from awsmini.log import debug
from awsmini.records import Credentials, Request
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import Proxies

METHOD = "container-role"
FEATURES = ("CREDENTIALS_HTTP",)
RELATIVE_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"

ECS_HOST = "169.254.170.2"
PLAIN_HTTP_HOSTS = (ECS_HOST, "169.254.170.23", "fd00:ec2::23", "localhost")
TIMEOUT = 2.0  # seconds
ATTEMPTS = 3
SHOWN = 1000  # bytes of a refusal
PAUSE = 1.0  # seconds, after each failed attempt


class ContainerSettingsError(AwsminiError):
    """Where to ask, or what to show there, is not to be used."""


def load(search: Search) -> Source | None:
    env = search.app.env
    if RELATIVE_URI in env:
        url = f"http://{ECS_HOST}{env[RELATIVE_URI]}"
    elif FULL_URI in env:
        url = env[FULL_URI]
    else:
        return None

    def fetch() -> Credentials:
        headers = {"Accept": "application/json", **_authorization(search)}
        _check_host(url)
        return _fetch(Request(method="GET", url=url, headers=headers), search)

    return Refreshing(fetch, METHOD, search.app.now, fetch(), FEATURES)


def _authorization(search: Search) -> dict[str, str]:
    """The token file is read each time: its content changes."""
    env = search.app.env
    if TOKEN_FILE in env:
        try:
            with open(env[TOKEN_FILE], encoding="utf-8", newline="") as stream:
                token = stream.read().rstrip()
        except (OSError, UnicodeDecodeError) as error:
            raise ContainerSettingsError(str(error)) from None
    elif TOKEN in env:
        token = env[TOKEN]
    else:
        return {}
    if "\r" in token or "\n" in token:
        raise ContainerSettingsError("Auth token value is not a legal header value")
    return {"Authorization": token}


def _check_host(url: str) -> None:
    """The token must not go in the clear to any host but this machine's own."""
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme == "https" or host in PLAIN_HTTP_HOSTS or _is_loopback(host or ""):
        return
    raise ContainerSettingsError(
        f"Unsupported host '{host}'.  Can only retrieve metadata from a loopback address or one of these hosts: "
        f"{', '.join(PLAIN_HTTP_HOSTS)}"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _fetch(request: Request, search: Search) -> Credentials:
    send = search.app.open_sender(SenderOptions(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, proxies=Proxies()))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            reply = send(request)
            if reply.status != 200:
                body = resolve_name(REDACT)(reply.body[:SHOWN].decode(errors="replace"))
                raise MetadataError(f"Received non 200 response {reply.status} from container metadata: {body}")
            return _credentials(reply.body)
        except SendError as error:
            failure = MetadataError(f"Received error when attempting to retrieve container metadata: {error}")
        except MetadataError as error:
            failure = error
        debug("config.credentials", "Received error when attempting to retrieve container metadata: %s", failure)
        search.app.sleep(PAUSE)
        if attempt == ATTEMPTS:
            raise CredentialRetrievalError(METHOD, str(failure))
    raise AssertionError("unreachable")


def _credentials(body: bytes) -> Credentials:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise MetadataError("Unable to parse JSON returned from container metadata services")
    with understanding(METHOD):
        return Credentials(
            access_key=answer["AccessKeyId"],
            secret_key=answer["SecretAccessKey"],
            token=answer["Token"],
            account_id=answer.get("AccountId"),
            expires=parse_time(answer["Expiration"]),
            method=METHOD,
        )
