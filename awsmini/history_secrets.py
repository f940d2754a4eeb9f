"""What the history does not keep: values that the models call sensitive, tokens, the most of a signature."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from awsmini.log_setup import HIDDEN, is_secret_name, redact
from awsmini.model.names import member_cli_name
from awsmini.model.shapes import ListShape, MapShape, OperationModel, Shape, StructureShape

SIGNATURE = re.compile(r"(Signature=[0-9a-f]{4})[0-9a-f]+")
_TOKENS = re.compile(r"token|cookie|customer-key$", re.IGNORECASE)  # in names of headers
NOT_KEPT = "(not kept: it holds what is sensitive)"
SHORTEST = 4  # characters of a secret that is looked for in other texts; a shorter one would be found everywhere


def without_secrets(value: Any, shape: Shape | None, found: list[str]) -> Any:
    """A copy with the secrets replaced; those that are text are put into `found`."""
    if shape is not None and shape.traits.get("sensitive") and value not in (None, ""):
        _note(value, found)
        return HIDDEN
    if isinstance(value, Mapping):
        return {name: _member(name, item, shape, found) for name, item in value.items()}
    if isinstance(value, list | tuple):
        member = shape.member if isinstance(shape, ListShape) else None
        return [without_secrets(item, member, found) for item in value]
    return value


def _member(name: str, value: Any, shape: Shape | None, found: list[str]) -> Any:
    if isinstance(value, str | bytes) and value and is_secret_name(str(name)):
        _note(value, found)
        return HIDDEN
    if isinstance(shape, StructureShape):
        return without_secrets(value, shape.members.get(name), found)
    return without_secrets(value, shape.value if isinstance(shape, MapShape) else None, found)


def _note(value: Any, found: list[str]) -> None:
    """Collect every text in a secret."""
    if isinstance(value, str):
        if len(value) >= SHORTEST:
            found.append(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            _note(item, found)
    elif isinstance(value, list | tuple):
        for item in value:
            _note(item, found)
    elif isinstance(value, bytes):
        _note(value.decode(errors="replace"), found)


def safe_headers(headers: Mapping[str, str], operation: OperationModel) -> dict[str, str]:
    """Headers with four characters of the signature and no tokens."""
    sensitive = {
        member.serialization.get("name", name).lower()
        for name, member in (operation.input_shape.members.items() if operation.input_shape else ())
        if member.traits.get("sensitive") and member.serialization.get("location") == "header"
    }
    return {name: _safe_header(name, value, sensitive) for name, value in headers.items()}


def _safe_header(name: str, value: str, sensitive: set[str]) -> str:
    if name.lower() in sensitive or _TOKENS.search(name):
        return HIDDEN
    if name.lower() == "authorization":
        return SIGNATURE.sub(r"\1...", value) if "Signature=" in value else HIDDEN
    return value


def safe_text(text: str, secrets: Iterable[str]) -> str:
    """A URL or a word of the command line without the secrets that are known, and those that have telling names."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return redact(text)


def sensitive_options(operation: OperationModel) -> Iterator[str]:
    """The options whose values are sensitive as a whole."""
    for name, member in operation.input_shape.members.items() if operation.input_shape else ():
        if member.traits.get("sensitive") or is_secret_name(name):
            yield f"--{member_cli_name(name)}"


def safe_words(words: Iterable[str], secrets: Iterable[str], options: Collection[str] = ()) -> list[str]:
    """The words of a command line, which may tell secrets of their own: `--password x`, `configure set …_key x`.

    `options` are those whose values are secrets.
    """
    given, told = list(words), list(secrets)
    safe = [safe_text(word, told) for word in given]
    for at, word in enumerate(given):
        name, equals, _ = word.partition("=")
        if equals and name in options:
            safe[at] = f"{name}={HIDDEN}"
        before = given[at - 1] if at else ""
        pair = repr([before, word])
        if word and (before in options or ("=" not in before and redact(pair) != pair and safe[at] == word)):
            safe[at] = HIDDEN
    return safe
