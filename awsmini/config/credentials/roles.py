"""Credentials of a role, from STS: cached on disk by what was asked for, and shared with other processes."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha1
from typing import Any, NamedTuple

from awsmini.config.credentials.cache import JsonCache
from awsmini.config.credentials.errors import understanding
from awsmini.config.credentials.source import ADVISORY, Refreshing
from awsmini.config.credentials.times import UnknownTimeError, parse_time
from awsmini.records import Credentials

METHOD = "assume-role"
_ROLE_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:([^:]*):.+")


class Cached(NamedTuple):
    """A fetch behind the cache. `ask` answers with `Credentials` and whatever else is worth keeping."""

    method: str  # the provider's name, for messages
    cache: JsonCache | None
    key: str
    ask: Callable[[], dict[str, Any]]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    def fetch(self) -> Credentials:
        """What is kept, if it is good for 15 minutes more, or a new answer. Of many processes, one asks."""
        if self.cache is None:
            return self._asked()[0]
        kept = self._kept(self.cache)
        if kept is not None:
            return kept
        with self.cache.lock(self.key, self.sleep):
            kept = self._kept(self.cache)
            if kept is not None:
                return kept
            credentials, answer = self._asked()
            self.cache.try_write(self.key, answer)
            return credentials

    def forget(self) -> None:
        """What is kept is good no longer, whatever it says."""
        if self.cache is not None:
            self.cache.remove(self.key)

    def _asked(self) -> tuple[Credentials, dict[str, Any]]:
        answer = self.ask()
        with understanding(self.method):
            return _credentials(answer), answer

    def _kept(self, cache: JsonCache) -> Credentials | None:
        answer = cache.read(self.key)
        try:
            credentials = _credentials(answer)
        except (KeyError, TypeError, UnknownTimeError):
            return None
        assert credentials.expires is not None
        return credentials if credentials.expires - self.now() >= ADVISORY else None


def _credentials(answer: Mapping[str, Any]) -> Credentials:
    found = answer["Credentials"]
    return Credentials(
        access_key=found["AccessKeyId"],
        secret_key=found["SecretAccessKey"],
        token=found["SessionToken"],
        account_id=found.get("AccountId"),
        expires=parse_time(found["Expiration"]),
    )


def assumed(client: Any, arguments: Mapping[str, Any], now: Callable[[], datetime]) -> Refreshing:
    """The credentials of a role, asked for with a client of STS and never kept on disk."""

    def fetch() -> Credentials:
        return _credentials(with_account_id(client._make_api_call("AssumeRole", with_session_name(arguments, now()))))

    return Refreshing(fetch, METHOD, now)


def cache_key(arguments: Mapping[str, Any], compact: bool = False) -> str:
    """The file name that AWS's tools give to these arguments of a call."""
    separators = (",", ":") if compact else None
    return sha1(json.dumps(arguments, sort_keys=True, separators=separators).encode()).hexdigest()


def with_account_id(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer of an AssumeRole call, with the account of the assumed role among the credentials."""
    arn = str(answer.get("AssumedRoleUser", {}).get("Arn") or "")
    if "Credentials" in answer and (found := _ROLE_ARN.fullmatch(arn)):
        return {**answer, "Credentials": {**answer["Credentials"], "AccountId": found[1]}}
    return answer


def with_session_name(arguments: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The arguments with a name for the session: the configured one, or one that tells the time."""
    return {
        **arguments,
        "RoleSessionName": arguments.get("RoleSessionName", f"botocore-session-{int(now.timestamp())}"),
    }
