"""What has come of a live tail, and how it is to be seen: as JSON or as it came, with terms highlighted."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from awsmini.services.logs.picks import NOT_JSON, read_json

MOST_LINES = 1000  # that are kept
MOST_TERMS = 5
TERM_STYLES = ("ansicyan", "ansimagenta", "ansiblue", "ansibrightyellow", "ansibrightgreen")
SEVERITIES = {"error": "ansired", "info": "ansigreen", "warn": "ansiyellow"}

Fragments = list[tuple[str, str]]  # (style, text)


class Term(NamedTuple):
    text: str  # in lower case, as upper and lower case are the same
    style: str


class LiveLog:
    """The latest messages. While it is held, those that come wait until it is let go."""

    def __init__(self) -> None:
        self.as_json = True
        self.terms: dict[str, Term] = {}
        self.held = False
        self._messages: deque[str] = deque(maxlen=MOST_LINES)
        self._waiting: deque[str] = deque(maxlen=MOST_LINES)

    def add(self, messages: Iterable[str]) -> None:
        (self._waiting if self.held else self._messages).extend(messages)

    def let_go(self) -> None:
        """Show what has come in the meantime."""
        self.held = False
        self._messages.extend(self._waiting)
        self._waiting.clear()

    def text(self) -> str:
        """The latest lines."""
        lines = [line for message in self._messages for line in self._shown(message).splitlines() or [""]]
        return "\n".join(lines[-MOST_LINES:])

    def _shown(self, message: str) -> str:
        value = read_json(message) if self.as_json else NOT_JSON
        return message if value is NOT_JSON else json.dumps(value, indent=4)

    def highlight(self, text: str) -> None:
        """Highlight a further term, if it is one and there is a style left."""
        text = text.strip().lower()
        free = [style for style in TERM_STYLES if style not in {term.style for term in self.terms.values()}]
        if text and text not in self.terms and free:
            self.terms[text] = Term(text, free[0])

    def forget(self, number: int | None = None) -> bool:
        """Take a term away, by its place, or all of them. Whether there was anything to take."""
        if number is None:
            self.terms.clear()
            return True
        names = list(self.terms)
        if not 0 < number <= len(names):
            return False
        del self.terms[names[number - 1]]
        return True

    def counts(self) -> Iterator[tuple[Term, int]]:
        """How often each term stands in the lines that are shown."""
        text = self.text().lower()
        for term in self.terms.values():
            yield term, text.count(term.text)

    def fragments(self, line: str) -> Fragments:
        """A line in its colors. The user's terms go before severities, and longer ones before shorter ones."""
        styles = {**SEVERITIES, **{term.text: term.style for term in self.terms.values()}}
        words = sorted(styles, key=lambda word: (word not in self.terms, -len(word)))
        pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
        found: Fragments = []
        at = 0
        for match in pattern.finditer(line):
            found += [("", line[at : match.start()]), (styles.get(match[0].lower(), ""), match[0])]
            at = match.end()
        return [fragment for fragment in [*found, ("", line[at:])] if fragment[1]]
