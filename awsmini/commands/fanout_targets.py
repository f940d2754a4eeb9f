"""The places of one command: profiles, accounts and regions, and the sessions for them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any, NamedTuple

from awsmini.commandline.invocation import Invocation
from awsmini.config.credentials.roles import assumed
from awsmini.config.credentials.source import Refreshing
from awsmini.config.settings import SANDBOX_REGION
from awsmini.errors import ClientError, ParamValidationError
from awsmini.model.load import data
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


ALL = "all"
# The regions of the partition `aws` that no account has to opt in to: those launched before 20 March 2019.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
WITHOUT_OPTING_IN = frozenset(
    [
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    ]
)


class Target(NamedTuple):
    """One place. What was not asked for is None: there the configuration says what holds."""

    profile: str | None = None
    account: str | None = None
    region: str | None = None

    @property
    def label(self) -> str:
        return " ".join(filter(None, self))

    def flags(self) -> dict[str, str]:
        return {name: value for name, value in self._asdict().items() if value is not None}


def targets(invocation: Invocation, service_name: str | None) -> list[Target]:
    """All of them, profiles first. Raises ParamValidationError for words that name nothing."""
    flags = invocation.flags
    found = []
    for profile in _profiles(invocation) if "profiles" in flags else [None]:
        base = _at(invocation, Target(profile))
        for account in _accounts(base) if "accounts" in flags else [None]:
            place = Target(profile, account)
            regions = _regions(_at(invocation, place), service_name) if "regions" in flags else [None]
            found += [place._replace(region=region) for region in regions]
    return found


def _at(invocation: Invocation, target: Target) -> Invocation:
    return invocation.again({**invocation.flags, **target.flags()})


def _profiles(invocation: Invocation) -> list[str]:
    return list(
        _matching("profiles", "profile", invocation.flags["profiles"], list(invocation.settings.files.profiles))
    )


def _matching(option: str, kind: str, text: str, known: Sequence[str]) -> Iterator[str]:
    """The known names that the words stand for, each once. Raises ParamValidationError where one stands for none."""
    seen: set[str] = set()
    for word in (part.strip() for part in text.split(",")):
        names = list(known) if word == ALL and ALL not in known else [name for name in known if fnmatchcase(name, word)]
        if not names:
            near = get_close_matches(word, known)
            hint = f" Maybe you meant {' or '.join(near)}." if near else ""
            raise ParamValidationError(f"--{option}: there is no {kind} {word!r}.{hint}")
        yield from (name for name in names if name not in seen)
        seen.update(names)


def _accounts(base: Invocation) -> list[str]:
    """The accounts; a session that assumes the role is made for each but the caller's own."""
    session = base.session
    accounts = chosen(session, base.flags["accounts"])
    own = caller(session)
    role = base.flags.get("assume_role")
    others = [account for account in accounts if account != own.account]
    if others and not role:
        raise ParamValidationError("--accounts needs --assume-role NAME, the role to assume in each of them.")
    for account in others:
        arn = f"arn:{own.partition}:iam::{account}:role/{role}"
        base.kept(("role", base.identity, account), arn.strip)
    return accounts


def session_at(invocation: Invocation, target: Target) -> None:
    """Let the invocation's session be one of the role in the target's account, where one is to be assumed."""
    base = invocation.again(
        {name: value for name, value in invocation.flags.items() if name not in ("account", "region")}
    )
    role = base.kept(("role", base.identity, target.account), lambda: "")
    if not role:
        return
    source = base.kept(("assumed", base.identity, role), lambda: assuming(base.session, role))

    def make() -> Session:
        session = invocation.make_session()
        session.credentials.use(source)
        return session

    invocation.kept(("session", *invocation.identity), make)


def _regions(place: Invocation, service_name: str | None) -> list[str]:
    """The regions that are meant. A pattern leaves out those without the service and those not enabled."""
    partitions: Mapping[str, list[str]] = data("regions.json")
    own = place.settings.value("region") or SANDBOX_REGION
    partition = next((name for name, regions in partitions.items() if own in regions), "aws")
    text: str = place.flags["regions"]
    everywhere = set(chain.from_iterable(partitions.values()))
    exact = [word for word in map(str.strip, text.split(",")) if word in everywhere]
    known = list(dict.fromkeys([*partitions[partition], *exact]))
    named = list(_matching("regions", "region", text, known))
    patterned = set(named) - set(exact)
    if not patterned:
        return named
    with_service = set(data("service-regions.json").get(service_name or "", "").split())
    if partition == "aws" and with_service:
        patterned &= with_service
    if not place.settings.is_local:
        session_at(place, Target(account=place.flags.get("account")))
        patterned &= _enabled(place, own, known)
    regions = [name for name in named if name in patterned or name in exact]
    if not regions:
        raise ParamValidationError(f"--regions: {text} leaves no region where {service_name} is.")
    return regions


def _enabled(place: Invocation, region: str, known: Sequence[str]) -> set[str]:
    """The regions that the account may use: asked of the account, else of EC2, else those that all accounts have."""
    session = place.session

    def look() -> set[str]:
        for ask in (_of_account, _of_ec2):
            with suppress(ClientError):
                return ask(session, region)
        place.app.stderr.write(
            "Which regions are enabled may not be asked (account:ListRegions, ec2:DescribeRegions): "
            "those that have to be enabled first are left out.\n"
        )
        return set(WITHOUT_OPTING_IN.intersection(known) or known)

    return place.kept(("enabled", place.identity), look)


def _of_account(session: Session, region: str) -> set[str]:
    pages = (
        session.client("account", region_name=region)
        .get_paginator("list_regions")
        .paginate(RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"])
    )
    return {each["RegionName"] for page in pages for each in page["Regions"]}


def _of_ec2(session: Session, region: str) -> set[str]:
    answer: dict[str, Any] = session.client("ec2", region_name=region)._make_api_call("DescribeRegions", {})
    return {each["RegionName"] for each in answer["Regions"]}
