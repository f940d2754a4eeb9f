"""YAML as AWS CLI v2 reads it: the scalars of YAML 1.2, so `yes` and `on` are text and `010` is ten.

A file of its own because PyYAML takes time to import.
"""

import re
from typing import Any

import yaml

from awsmini.params.context import ConversionError

_MERGE = "tag:yaml.org,2002:merge"
# The tag: what a plain scalar of it looks like, and the characters it may begin with.
_IMPLICIT = {
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "tag:yaml.org,2002:float": (
        r"[-+]?(\d[\d_]*\.[\d_]*|\.[\d_]+)([eE][-+]?\d+)?|[-+]?\d[\d_]*[eE][-+]?\d+"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    "tag:yaml.org,2002:int": (r"[-+]?(0b[01_]+|0o[0-7_]+|0x[\da-fA-F_]+|[\d_]+)", "-+0123456789"),
    _MERGE: (r"<<", "<"),
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "tag:yaml.org,2002:timestamp": (
        r"\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d:\d\d(\.\d*)?([ \t]*(Z|[-+]\d\d?(:\d\d)?))?",
        "0123456789",
    ),
}


_ENDS = "\0 \t\r\n\x85\u2028\u2029,[]{}"  # what ends a plain scalar that a colon begins
_BEFORE_VALUES = (yaml.ValueToken, yaml.FlowSequenceStartToken, yaml.FlowEntryToken)


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the implicit scalars of YAML 1.2, and no key twice in a mapping.

    Between braces and brackets tabs are blanks, as in JSON, and a value may begin with a colon: `{Cidr: ::/0}`.
    """

    taken: yaml.Token | None = None  # the last one that the parser has seen

    def get_token(self) -> yaml.Token | None:
        self.taken = super().get_token()  # type: ignore[no-untyped-call]
        return self.taken

    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        while self.flow_level and self.peek() == "\t":
            self.forward()
            super().scan_to_next_token()

    def check_value(self) -> Any:
        return not self._begins_with_colon() and super().check_value()

    def check_plain(self) -> Any:
        return self._begins_with_colon() or super().check_plain()

    def _begins_with_colon(self) -> bool:
        if not self.flow_level or self.peek() != ":" or self.peek(1) in _ENDS:
            return False
        return isinstance(self.tokens[-1] if self.tokens else self.taken, _BEFORE_VALUES)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [repr(self.construct_object(key, deep=True)) for key, _ in node.value if key.tag != _MERGE]
        if len(set(keys)) < len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


Loader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _letters) in _IMPLICIT.items():
    Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})$"), list(_letters))


def construct_int(loader: yaml.SafeLoader, node: Any) -> int:
    text = loader.construct_scalar(node).replace("_", "")
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    for prefix, base in (("0b", 2), ("0x", 16), ("0o", 8)):
        if digits.startswith(prefix):
            return sign * int(digits[2:], base)
    return sign * int(digits)


def _construct_float(loader: yaml.SafeLoader, node: Any) -> float:
    text = loader.construct_scalar(node).replace("_", "").lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


Loader.add_constructor("tag:yaml.org,2002:int", construct_int)
Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)


class _Dumper(yaml.SafeDumper):
    """Writes the same scalars plain that the loader reads as text."""


_Dumper.yaml_implicit_resolvers = Loader.yaml_implicit_resolvers


def quoted(text: str) -> str:
    """A string as a scalar on one line, in quotes where it would not be read as that string."""
    dumped: str = yaml.dump(text, Dumper=_Dumper, width=float("inf"), allow_unicode=True)
    return dumped.removesuffix("\n").removesuffix("\n...")


def load(text: str | bytes, loader: type[Loader] = Loader) -> Any:
    """The value of one YAML document.

    Raises ValueError where it is broken or holds several, ConversionError for a scalar such as the 30th of February.
    """
    try:
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    except ValueError as error:
        raise ConversionError(str(error)) from None
