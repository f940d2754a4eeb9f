"""The spellings of a name: `ListStreams` on the wire, `list-streams` on the command line, `list_streams` in Python."""

import re
from functools import cache

# Words whose inner capitals are not word boundaries. The rule of boto3 and the AWS CLI would cut them
# apart (`i-scsi`, `hi-ts`); both spell the operations that hold these words as one word instead.
_ONE_WORD = re.compile(r"iSCSI|HITs(?=For)|PartiQL|OAuth2(?=Token$|TokenWithIAM)|OTel(?=Enrichment)|WhatsApp")
_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s$")
_WORDS = re.compile(r"[A-Z](?:[A-Z](?![a-z]))*[a-z0-9]*|[a-z0-9]+")  # of a name of nothing but letters and digits
_BEFORE_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_BEFORE_CAPITAL = re.compile(r"([a-z0-9])([A-Z])")


def _separated(name: str, separator: str) -> str:
    if separator in name:
        return name
    plural = _PLURAL_ACRONYM.search(name) if name.endswith("s") else None
    end = ""
    if plural:
        name, end = name[: plural.start()], separator + plural.group().lower()
    if name.isascii() and name.isalnum():
        return separator.join(_WORDS.findall(name)).lower() + end
    name = name + end
    name = _BEFORE_WORD.sub(rf"\1{separator}\2", name)
    return _BEFORE_CAPITAL.sub(rf"\1{separator}\2", name).lower()


@cache
def operation_cli_name(api_name: str) -> str:
    """`ListStreams` -> `list-streams`, the subcommand."""
    return _separated(_joined(api_name), "-")


@cache
def operation_py_name(api_name: str) -> str:
    """`ListStreams` -> `list_streams`, the method of a client."""
    return _separated(_joined(api_name), "_")


def member_cli_name(member_name: str) -> str:
    """`StreamName` -> `stream-name`, the flag without its dashes."""
    return _separated(member_name, "-")


def _joined(api_name: str) -> str:
    return _ONE_WORD.sub(lambda word: word.group().capitalize(), api_name)
