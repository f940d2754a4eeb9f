"""Answers made from the models: of a listing a few records, each with what its shape has, in values as AWS has them."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape

NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
DEPTH = 5
ROWS = ("Items", "Instances")  # lists of records below the first
NAMES = ("web", "orders-api-production", "データ")
SPANS = (timedelta(seconds=42), timedelta(days=40), timedelta(days=1500))
# What text is like by the end of its member's name; {0} is the word for a name, {1} a number of the record.
LIKE = (
    (r"Arn|ARN", "arn:aws:svc:eu-west-1:123456789012:thing/{0}"), (r"CidrBlock", "10.{1}.0.0/16"), (r"Url", "https://svc.eu-west-1.amazonaws.com/123456789012/{0}"),
    (r"AvailabilityZone|ZoneName", "eu-west-1a"), (r"PublicIp\w*", "54.12.{1}.200"), (r"\w*Ip\w*", "10.0.12.{1}"),
    (r"Region\w*", "eu-west-1"), (r"OwnerId|AccountId", "123456789012"), (r"DigestS?|Digest", "sha256:{2}{2}"), (r"Email", "{0}@example.com"),
    (r"Description|Comment|Reason|Message", "What {0} is there for, in more words than a column has room for"),
    (r"DNSName|DomainName|Endpoint|Address", "{0}-1234567890.eu-west-1.elb.amazonaws.com"), (r"InstanceType|Class|NodeType", "m5.2xlarge"),
    (r"Version\w*", "8.0.{1}"), (r"\w*(Price|Amount)", "0.0{1}40"), (r"\w*(Id|ID|Identifier)", "id-{2}"), (r"ETag", '"{2}{2}"'),
)  # fmt: skip


def answer(output: Shape | None) -> dict[str, Any]:
    """An answer whose lists have three records, the last of them without some of the members."""
    assert isinstance(output, StructureShape)
    members = output.members.items()
    return {name: _value(shape, name, 0, 1) for name, shape in members if not re.search("(?i)token|marker|more", name)}


def _value(shape: Shape, name: str, number: int, depth: int) -> Any:
    if isinstance(shape, StructureShape):
        if depth > DEPTH:
            return {}
        members = {
            each: _value(member, each, number, depth + 1)
            for place, (each, member) in enumerate(shape.members.items())
            if not (number == 2 and depth < 3 and place % 3 == 2)  # the last has less
        }
        if set(members) >= {"Key", "Value"}:
            members.update(Key="Name", Value=NAMES[number % 3])
        return members
    if isinstance(shape, ListShape):
        if depth == 1 or name in ROWS:
            return [_value(shape.member, name, each, depth) for each in range(3)]
        return [] if depth > DEPTH else [_value(shape.member, name, number, depth + 1) for _ in range(number % 3)]
    if isinstance(shape, MapShape):
        return {"Name": _value(shape.value, name, number, depth + 1)}
    if shape.type_name in ("integer", "long", "double", "float") and not re.search(r"(?i)time$|stamp$", name):
        return (3, 0, 98765432101)[number % 3]
    if shape.type_name == "boolean":
        return number % 2 == 0
    if shape.type_name == "timestamp" or (
        re.search(r"(?i)(time|date|modified|stamp)$", name) and name.lower() != "runtime"
    ):
        moment = NOW - SPANS[number % 3]
        return int(moment.timestamp() * 1000) if shape.type_name == "long" else moment.isoformat()
    if shape.type_name == "blob":
        return b"\x00\x01"
    return _text(shape, name, number)


def _text(shape: Shape, name: str, number: int) -> str:
    if shape.enum:
        return shape.enum[number % len(shape.enum)]
    for pattern, like in LIKE:
        if re.fullmatch(rf"(?i:\w*)({pattern})", name[:1].upper() + name[1:]):
            return like.format(NAMES[number % 3], number + 1, f"{number + 10:017x}")
    return NAMES[number % 3]
