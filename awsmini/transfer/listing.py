"""Pages of ListObjectsV2: the next one is asked for before this one is read.

One strict pattern finds all objects of a page as services write them. A page counts as read only where the pattern
found as many objects as the page has; every other page goes through XML.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote_plus

from awsmini.errors import NoAnswerError, PaginationError, ResponseParseError
from awsmini.parse.presence import described
from awsmini.records import Reply
from awsmini.references import resolve_name
from awsmini.transfer.api_call import ApiCall
from awsmini.transfer.fallback import page_of
from awsmini.transfer.http1 import Head
from awsmini.transfer.loop import Loop
from awsmini.transfer.records import Listed, Page
from awsmini.transfer.template import Template
from awsmini.transfer.templates import Templates

ROOT = b"ListBucketResult"
TOKEN = "ContinuationToken"
START = "StartAfter"
AT_A_TIME = 64  # questions for the next keys
UNESCAPE = "html:unescape"  # few tokens have anything escaped
_CONTENTS = re.compile(
    r"<Contents><Key>([^<&]*)</Key><LastModified>([0-9TZ:.+-]*)</LastModified>"
    r"<ETag>(?:&quot;|&#34;|\")?([0-9A-Za-z-]*)(?:&quot;|&#34;|\")?</ETag>"
    r"(?:<ChecksumAlgorithm>[A-Z0-9]*</ChecksumAlgorithm>)*(?:<ChecksumType>[A-Z_]*</ChecksumType>)?"
    r"<Size>([0-9]{1,18})</Size>(?:<Owner>(?:<ID>[^<]*</ID>|<DisplayName>[^<]*</DisplayName>)*</Owner>)?"
    r"(?:<StorageClass>([A-Z_]*)</StorageClass>)?(?:<Owner>(?:<ID>[^<]*</ID>|<DisplayName>[^<]*</DisplayName>)*</Owner>)?"
    r"</Contents>"
)
_PREFIX = re.compile(r"<CommonPrefixes><Prefix>([^<&]*)</Prefix></CommonPrefixes>")
_NEXT = re.compile(r"<NextContinuationToken>([^<]*)</NextContinuationToken>")
_TRUNCATED = re.compile(r"<IsTruncated>\s*true\s*</IsTruncated>")
_ENCODED = re.compile(r"<EncodingType>\s*url\s*</EncodingType>")


class ListPage(ApiCall):
    """One request for a page. `answer` is there when `done` is."""

    def __init__(
        self,
        loop: Loop,
        templates: Templates,
        bucket: str,
        params: Mapping[str, Any],
        where: str | None,
        by: str = TOKEN,
    ) -> None:
        """`where` the page begins, as the member `by` says it; None: the first one."""
        self.answer: Reply | None = None
        self.error: Exception | None = None
        self._text = ""
        self._bucket = bucket
        self._params = params
        self._varying = () if where is None else (by,)
        values = {} if where is None else {by.encode(): quote(where, safe="").encode()}
        super().__init__(loop, templates, "", values)

    def make_template(self) -> Template:
        return self._templates.get("ListObjectsV2", self._bucket, self._params, self._varying)

    def succeeded(self, head: Head, reply: Reply) -> None:
        if ROOT not in reply.body or reply.body.count(b"<ListBucketResult") > 1:
            raise NoAnswerError(f"Unable to parse response, no list received.\n{described(reply)}")
        try:
            self._text = reply.body.decode()
        except UnicodeDecodeError as error:
            raise NoAnswerError(f"Unable to parse response ({error}).\n{described(reply)}") from error
        self.answer = reply
        self.done = True

    def failed(self, error: Exception) -> None:
        self.error = error
        self.done = True

    def page(self) -> Page:
        """The page, read. Raises what the call has failed with."""
        if self.error is not None:
            raise self.error
        assert self.answer is not None
        page = read_page(self._text)
        return page if page is not None else self._by_xml(self.answer)

    def _by_xml(self, reply: Reply) -> Page:
        """The page as the core reads it."""
        output = self._core.output(self.template.call, reply)
        if output.get("EncodingType") == "url":
            for each in output.get("Contents", ()):
                each["Key"] = unquote_plus(each["Key"])
            for each in output.get("CommonPrefixes", ()):
                each["Prefix"] = unquote_plus(each["Prefix"])
        return page_of(output)


def pages(
    loop: Loop, templates: Templates, bucket: str, params: Mapping[str, Any], started: set[ListPage]
) -> Iterator[Page]:
    """All pages. While one is waited for, the loop runs; a request under way is in `started`."""
    asked: deque[ListPage] = deque()

    def ask(token: str | None) -> None:
        call = ListPage(loop, templates, bucket, params, token)
        started.add(call)
        asked.append(call)
        call.submit()

    ask(None)
    last: str | None = None
    try:
        while asked:
            call = asked[0]
            while not call.done:
                loop.turn()
            started.discard(asked.popleft())
            if call.answer is not None:
                token = next_token(call.answer.body)
                if token is not None and token == last:
                    raise PaginationError(f"The same next token was received twice: {token}")
                last = token
                if token is not None:
                    ask(token)
            yield call.page()
    finally:
        started.difference_update(asked)  # what is on its way to nobody, as no further page is wanted


def next_keys(
    loop: Loop, templates: Templates, bucket: str, params: Mapping[str, Any], keys: Sequence[str], started: set[Any]
) -> list[list[str]]:
    """For each key the first ones behind it: asked for at the same time. Raises ClientError, SendError."""
    found: list[list[str]] = []
    for at in range(0, len(keys), AT_A_TIME):
        begun = [ListPage(loop, templates, bucket, params, key, START) for key in keys[at : at + AT_A_TIME]]
        for call in begun:
            started.add(call)
            call.submit()
        while not all(call.done for call in begun):
            loop.turn()
        started.difference_update(begun)
        found += [keys_of(call.page()) for call in begun]
    return found


def keys_of(page: Page) -> list[str]:
    return [each.key for each in page.objects]


def next_token(body: bytes) -> str | None:
    """What to ask the next page with; it stands before or after the objects."""
    for piece in (body[:4096], body[-4096:], body):
        text = piece.decode("utf-8", "replace")
        if _TRUNCATED.search(text):
            found = _NEXT.search(text) or _NEXT.search(body.decode("utf-8", "replace"))
            if found is None:
                raise ResponseParseError("A page of a listing is not the last, and names no next one.")
            return str(resolve_name(UNESCAPE)(found[1])) if "&" in found[1] else found[1]
        if "<IsTruncated>" in text:
            return None
    return None


def read_page(body: str) -> Page | None:
    """The page by the pattern, or None where something in it is written another way."""
    rows = _CONTENTS.findall(body)
    prefixes = _PREFIX.findall(body)
    if len(rows) != body.count("<Contents") or len(prefixes) != body.count("<CommonPrefixes"):
        return None
    if _ENCODED.search(body) is not None and ("%" in body or "+" in body):
        rows = [(unquote_plus(row[0]) if "%" in row[0] or "+" in row[0] else row[0], *row[1:]) for row in rows]
        prefixes = [unquote_plus(prefix) for prefix in prefixes]
    return Page([Listed(key, at, etag, int(size), kind) for key, at, etag, size, kind in rows], prefixes)
