"""The pages of one operation: a loop around the call, with AWS CLI v2's tokens and its way of merging.

A starting token is base64 of JSON: the service's own input tokens, and `boto_truncate_amount`, how many
items of the page that begins there have been handed out already. Bytes in a token are base64 once more,
and `boto_encoded_keys` lists where. (botocore's format, so tokens pass between the tools.)
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from awsmini.errors import PaginationError
from awsmini.query_paths import COMPILE, Search, as_list, assign, compile_path
from awsmini.references import resolve_name

_TRUNCATED = "boto_truncate_amount"
_ENCODED = "boto_encoded_keys"

Method = Callable[[dict[str, Any]], dict[str, Any]]


class PagingConfig(NamedTuple):
    """What the user asks of the pages: `--max-items`, `--page-size`, `--starting-token`."""

    max_items: int | None = None
    page_size: int | str | None = None
    starting_token: str | None = None


class PageIterator:
    """Yields raw pages. What only the end of the loop knows is there when the loop has ended."""

    def __init__(
        self, method: Method, paginator: Mapping[str, Any], params: Mapping[str, Any], config: PagingConfig
    ) -> None:
        self._method = method
        self._given = dict(params)
        self._params = dict(params)
        self._config = config
        self._input_tokens = as_list(paginator["input_token"])
        self._output_tokens = [compile_path(path) for path in as_list(paginator["output_token"])]
        self._more_results = compile_path(paginator["more_results"]) if "more_results" in paginator else None
        self._limit_key: str | None = paginator.get("limit_key")
        self._non_aggregate_keys = as_list(paginator.get("non_aggregate_keys"))
        self.result_keys = as_list(paginator.get("result_key"))
        self._searches: dict[str, Search] = {path: compile_path(path) for path in self.result_keys}
        self.resume_token: str | None = None
        self.non_aggregate_part: dict[str, Any] = {}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        token, skip = self._starting_point()
        self._params = dict(self._given)
        if self._config.starting_token is not None:  # else a `Marker` among the parameters is where to begin
            self._inject(token)
        if self._config.page_size is not None:
            if self._limit_key is None:
                raise PaginationError(
                    "PageSize parameter is not supported for the pagination interface for this operation."
                )
            self._params[self._limit_key] = self._config.page_size
        return self._pages(token, skip)

    def _pages(self, token: dict[str, Any], skip: int) -> Iterator[dict[str, Any]]:
        limit = self._config.max_items
        previous: dict[str, Any] | None = None
        seen = 0
        first = True
        while True:
            page = self._method(dict(self._params))
            if first:
                if self._config.starting_token is not None:
                    self._drop_seen(page, skip)
                self._note_non_aggregates(page)
            items = self._primary(page)
            surplus = 0 if limit is None else seen + len(items) - limit
            if surplus > 0:
                if not isinstance(items, list | str):
                    raise PaginationError(f"--max-items counts the items of a list, and {self.result_keys[0]} is none.")
                keep = len(items) - surplus
                assign(page, self.result_keys[0], items[:keep])
                self._resume_at({**token, _TRUNCATED: keep + (skip if first else 0)})
                yield page
                return
            yield page
            first = False
            seen += len(items)
            token = self._next_token(page)
            if all(value is None for value in token.values()):
                return
            if limit is not None and seen == limit:
                self._resume_at(token)
                return
            if token == previous:
                raise PaginationError(f"Error during pagination: The same next token was received twice: {token}")
            self._inject(token)
            previous = token
            del page, items  # before the next one takes as much memory

    def search(self, expression: str) -> Iterator[Any]:
        """What a JMESPath expression finds in each page; the items of lists one by one. Raises ParamValidationError."""
        find = resolve_name(COMPILE)(expression, "expression").search
        found = map(find, self)
        return (item for each in found for item in (each if isinstance(each, list) else [each]))

    def build_full_result(self) -> dict[str, Any]:
        """All pages as one: lists joined, text and numbers added up, then what only the first page says."""
        whole: dict[str, Any] = {}
        for page in self:
            self.merge_into(whole, page)
        return self.finish(whole)

    def merge_into(self, whole: dict[str, Any], page: Mapping[str, Any]) -> None:
        """Add the result keys of one page to those of the pages before it."""
        for path, search in self._searches.items():
            found = search(page)
            if found is None:
                continue
            existing = search(whole)
            if existing is None:
                assign(whole, path, found)
            elif isinstance(found, list):
                existing.extend(found)
            elif isinstance(found, int | float | str):
                assign(whole, path, existing + found)

    def finish(self, whole: dict[str, Any]) -> dict[str, Any]:
        """Complete a merged result, after the last page, with the non-aggregate keys and the resume token."""
        _merge(whole, self.non_aggregate_part)
        if self.resume_token is not None:
            whole["NextToken"] = self.resume_token
        return whole

    def _primary(self, page: Mapping[str, Any]) -> Any:
        if not self.result_keys:
            return []
        return self._searches[self.result_keys[0]](page) or []

    def _note_non_aggregates(self, page: Mapping[str, Any]) -> None:
        for path in self._non_aggregate_keys:
            assign(self.non_aggregate_part, path, compile_path(path)(page))

    def _drop_seen(self, page: dict[str, Any], skip: int) -> None:
        """Cut what an earlier call has handed out of the page that the starting token leads to."""
        for position, (path, search) in enumerate(self._searches.items()):
            found = search(page)
            if position == 0:
                assign(page, path, found[skip:] if isinstance(found, list | str) else None)
            elif isinstance(found, list | str):
                assign(page, path, type(found)())
            elif not isinstance(found, int | float):
                assign(page, path, None)

    def _next_token(self, page: Mapping[str, Any]) -> dict[str, Any]:
        if self._more_results is not None and not self._more_results(page):
            return {}
        found = (search(page) for search in self._output_tokens)
        return {name: value or None for name, value in zip(self._input_tokens, found, strict=False)}

    def _inject(self, token: Mapping[str, Any]) -> None:
        for name, value in token.items():
            if value is not None and value != "None":
                self._params[name] = value
            else:
                self._params.pop(name, None)

    def _resume_at(self, token: Mapping[str, Any]) -> None:
        self.resume_token = encode_token(token)

    def _starting_point(self) -> tuple[dict[str, Any], int]:
        """The service's tokens to begin with, and how many items to skip."""
        text = self._config.starting_token
        if text is None:
            return dict.fromkeys(self._input_tokens), 0
        if not isinstance(text, str):  # fileb://
            raise PaginationError(f"Bad starting token: {text!r}")
        try:
            token = decode_token(text)
            skip = token.pop(_TRUNCATED, 0)
        except (ValueError, TypeError, AttributeError, LookupError):
            return self._old_starting_point(text)
        if not isinstance(skip, int):
            raise PaginationError(f"Bad starting token: {text}")
        return token, skip

    def _old_starting_point(self, text: str) -> tuple[dict[str, Any], int]:
        """A token in the form used before 2016, `token___token___index`, or the bare token of the service."""
        parts: list[str] = text.split("___")
        skip = 0
        if len(parts) == len(self._input_tokens) + 1:
            try:
                skip = int(parts.pop())
            except ValueError:
                parts = [text]
        if len(parts) > len(self._input_tokens):
            raise PaginationError(f"Bad starting token: {text}")
        values = [None if part == "None" else part for part in parts]
        values += [None] * (len(self._input_tokens) - len(values))
        return dict(zip(self._input_tokens, values, strict=True)), skip


def _merge(target: dict[str, Any], extra: Mapping[str, Any]) -> None:
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value


def encode_token(token: Mapping[str, Any]) -> str:
    """The starting token for a set of service tokens."""
    paths: list[list[Any]] = []
    plain = _without_bytes(token, [], paths)
    if paths:
        plain = {**plain, _ENCODED: paths}
    return base64.b64encode(json.dumps(plain).encode()).decode()


def decode_token(text: str) -> dict[str, Any]:
    """The service tokens in a starting token; raises ValueError or TypeError for any other text."""
    token: dict[str, Any] = json.loads(base64.b64decode(text.encode()).decode())
    for path in token.pop(_ENCODED, ()):
        holder: Any = token
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = base64.b64decode(holder[path[-1]])
    return token


def _without_bytes(value: Any, path: list[Any], found: list[list[Any]]) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_bytes(item, [*path, key], found) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_bytes(item, [*path, index], found) for index, item in enumerate(value)]
    if isinstance(value, bytes):
        found.append(path)
        return base64.b64encode(value).decode()
    return value
