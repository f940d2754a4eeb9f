"""Credentials from a program: `credential_process`, which prints JSON."""

import json
import subprocess
import sys
from typing import Any

from awsmini.config.credentials.errors import CredentialRetrievalError, understanding
from awsmini.config.credentials.source import Fixed, Refreshing, Search, Source
from awsmini.config.credentials.times import parse_time
from awsmini.config.words import CommandWordsError, split_command
from awsmini.errors import AwsminiError
from awsmini.records import Credentials

METHOD = "custom-process"
FEATURES = ("CREDENTIALS_PROFILE_PROCESS", "CREDENTIALS_PROCESS")


class ProcessError(AwsminiError):
    """The program cannot be started, or does not print JSON."""


def load(search: Search) -> Source | None:
    command = search.profile.get("credential_process")
    if command is None:
        return None

    def fetch() -> Credentials:
        return _run(str(command), search)

    credentials = fetch()
    if credentials.expires is None:
        return Fixed(credentials, FEATURES)
    return Refreshing(fetch, METHOD, search.app.now, credentials, FEATURES)


def _run(command: str, search: Search) -> Credentials:
    try:
        words = split_command(command, sys.platform)
    except CommandWordsError as error:
        raise CommandWordsError(f"{error} in the credential_process of profile {search.profile_name}") from None
    if not words:
        raise CredentialRetrievalError(METHOD, "credential_process names no program")
    try:
        done = subprocess.run(words, capture_output=True, env=dict(search.app.env), check=False)
    except OSError as error:
        raise ProcessError(str(error)) from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace") or f"{words[0]} ended with exit code {done.returncode}"
        raise CredentialRetrievalError(METHOD, said)
    try:
        answer = json.loads(done.stdout.decode("utf-8-sig"))
    except ValueError as error:
        raise ProcessError(
            f"The credential_process of profile {search.profile_name} ({words[0]}) printed no JSON: {error}"
        ) from None
    return _credentials(answer, search)


def _credentials(answer: Any, search: Search) -> Credentials:
    if not isinstance(answer, dict):
        raise CredentialRetrievalError(METHOD, "the process did not print a JSON object")
    version = answer.get("Version", "<Version key not provided>")
    if version != 1:
        raise CredentialRetrievalError(
            METHOD, f"Unsupported version '{version}' for credential process provider, supported versions: 1"
        )
    for key in ("AccessKeyId", "SecretAccessKey"):
        if key not in answer:
            raise CredentialRetrievalError(METHOD, f"Missing required key in response: '{key}'")
    expiration = answer.get("Expiration")
    account_id = answer.get("AccountId") or search.profile.get("aws_account_id")
    with understanding(METHOD):
        return Credentials(
            access_key=answer["AccessKeyId"],
            secret_key=answer["SecretAccessKey"],
            token=answer.get("SessionToken"),
            account_id=None if account_id is None else str(account_id),
            expires=None if expiration is None else parse_time(expiration),
            method=METHOD,
        )
