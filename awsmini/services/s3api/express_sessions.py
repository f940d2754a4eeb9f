"""Directory buckets (S3 Express): each is signed for with the credentials of a session of its own."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from awsmini.config.credentials.errors import understanding
from awsmini.errors import AwsminiError
from awsmini.records import Credentials

METHOD = "s3express"
_RENEW = timedelta(seconds=45)  # before they expire, new ones are asked for
_EXPIRED = timedelta(seconds=10)  # and from here on the old ones are not used any more


class ExpressSessions:
    """Session credentials by bucket. `create_session` gives the output of CreateSession for a bucket's name."""

    def __init__(self, create_session: Callable[[str], Mapping[str, Any]], now: Callable[[], datetime]) -> None:
        self._create_session = create_session
        self._now = now
        self._sessions: dict[str, Credentials] = {}

    def credentials(self, bucket: str) -> Credentials:
        """Credentials that are good for another while; raises what CreateSession raises."""
        known = self._sessions.get(bucket)
        left = known.expires - self._now() if known and known.expires else timedelta(0)
        if known and left > _RENEW:
            return known
        try:
            fresh = session_credentials(self._create_session(bucket))
        except AwsminiError:
            if known and left > _EXPIRED:
                return known
            raise
        self._sessions[bucket] = fresh
        return fresh


def session_credentials(output: Mapping[str, Any]) -> Credentials:
    """The credentials in an output of CreateSession. Raises CredentialRetrievalError where there are none."""
    with understanding(METHOD):
        made = output["Credentials"]
        return Credentials(
            access_key=made["AccessKeyId"],
            secret_key=made["SecretAccessKey"],
            token=made["SessionToken"],
            expires=made["Expiration"],
            method=METHOD,
        )
