"""The accounts of an organization, and what a call is made as in each."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from awsmini.config.credentials.roles import assumed
from awsmini.config.credentials.source import Refreshing
from awsmini.errors import ParamValidationError
from awsmini.session import Session

SESSION_NAME = "awsmini"
_ROOT_OR_UNIT = ("ou-", "r-")
_DIGITS = 12


class Caller(NamedTuple):
    """Who asks: the account of the credentials at hand."""

    account: str
    partition: str


def caller(session: Session) -> Caller:
    answer = session.client("sts")._make_api_call("GetCallerIdentity", {})
    return Caller(answer["Account"], answer["Arn"].split(":")[1])


def chosen(session: Session, text: str) -> list[str]:
    """The ids of the accounts that the words of --accounts name, in the organization's order, each once."""
    found: dict[str, None] = {}
    everyone: list[Mapping[str, Any]] | None = None
    for word in filter(None, (part.strip() for part in text.split(","))):
        if word.isdigit():
            if len(word) != _DIGITS:
                raise ParamValidationError(f"--accounts: {word} is no account: an id has {_DIGITS} digits.")
            found[word] = None
        elif word.startswith(_ROOT_OR_UNIT):
            found.update(dict.fromkeys(_below(session, word)))
        else:
            if everyone is None:
                pages = session.client("organizations").get_paginator("list_accounts").paginate()
                everyone = [each for page in pages for each in page["Accounts"] if each.get("Status") == "ACTIVE"]
            pattern = "*" if word == "all" else word
            matching = [each["Id"] for each in everyone if fnmatchcase(each.get("Name", ""), pattern)]
            if not matching:
                raise ParamValidationError(f"--accounts: no account is called {word}.")
            found.update(dict.fromkeys(matching))
    if not found:
        raise ParamValidationError("--accounts names no account.")
    return list(found)


def _below(session: Session, parent: str) -> Iterator[str]:
    """The accounts of an organizational unit and of those in it."""
    client = session.client("organizations")
    for page in client.get_paginator("list_accounts_for_parent").paginate(ParentId=parent):
        yield from (each["Id"] for each in page["Accounts"] if each.get("Status") == "ACTIVE")
    for page in client.get_paginator("list_organizational_units_for_parent").paginate(ParentId=parent):
        for unit in page["OrganizationalUnits"]:
            yield from _below(session, unit["Id"])


def assuming(base: Session, role: str) -> Refreshing:
    """The credentials of that role. The profile's own words for such calls count here too."""
    profile = base.settings.profile or {}
    parameters = {
        "RoleArn": role,
        "RoleSessionName": profile.get("role_session_name", SESSION_NAME),
        **({"ExternalId": profile["external_id"]} if "external_id" in profile else {}),
        **({"DurationSeconds": base.settings.value("duration_seconds")} if "duration_seconds" in profile else {}),
    }
    return assumed(base.client("sts"), parameters, base.app.now)
