"""Sessions with directory buckets: made once for each, renewed in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from awsmini.config.credentials.errors import CredentialRetrievalError
from awsmini.errors import AwsminiError
from awsmini.services.s3api.express_sessions import ExpressSessions


class Bucket:
    """Makes sessions of five minutes, with a clock to turn."""

    def __init__(self) -> None:
        self.time = datetime(2024, 1, 1, tzinfo=timezone.utc)
        self.asked: list[str] = []
        self.refuses = False
        self.sessions = ExpressSessions(self.create_session, lambda: self.time)

    def create_session(self, bucket: str) -> Mapping[str, Any]:
        self.asked.append(bucket)
        if self.refuses:
            raise AwsminiError("no session")
        return {
            "Credentials": {
                "AccessKeyId": f"{bucket}-{len(self.asked)}",
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": self.time + timedelta(minutes=5),
            }
        }

    def key(self, bucket: str = "b") -> str:
        return self.sessions.credentials(bucket).access_key


def test_one_session_for_each_bucket() -> None:
    bucket = Bucket()
    assert [bucket.key("a"), bucket.key("b"), bucket.key("a")] == ["a-1", "b-2", "a-1"]
    made = bucket.sessions.credentials("a")
    assert (made.secret_key, made.token, made.expires) == ("secret", "token", bucket.time + timedelta(minutes=5))


def test_it_is_renewed_before_it_expires() -> None:
    bucket = Bucket()
    bucket.key()
    bucket.time += timedelta(seconds=254)
    assert bucket.key() == "b-1"
    bucket.time += timedelta(seconds=2)
    assert bucket.key() == "b-2"


def test_the_old_one_serves_while_it_can() -> None:
    bucket = Bucket()
    bucket.key()
    bucket.refuses = True
    bucket.time += timedelta(seconds=280)
    assert bucket.key() == "b-1"
    bucket.time += timedelta(seconds=15)
    with pytest.raises(AwsminiError, match="no session"):
        bucket.key()


@pytest.mark.parametrize("answer", [{}, {"Credentials": {"AccessKeyId": "a"}}, {"Credentials": "x"}])
def test_an_answer_that_lacks_credentials_is_told_as_such(answer: dict[str, Any]) -> None:
    sessions = ExpressSessions(lambda bucket: answer, lambda: datetime(2024, 1, 1, tzinfo=timezone.utc))
    with pytest.raises(CredentialRetrievalError, match="from s3express: "):
        sessions.credentials("b")
