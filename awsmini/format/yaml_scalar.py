"""How YAML writes one string: plain, in single or in double quotes, and where a long one is folded.

The rules are those of libyaml's emitter, as AWS CLI v2 drives it, so that the bytes are the same. Its
column is counted in characters; a space beyond column 80 may become a line break.
"""

import re

WIDTH = 80
LONGEST_KEY = 128  # UTF-8 bytes; a longer key is written `? key`
REMEMBERED = LONGEST_KEY // 4  # characters; such a string is no longer than a key may be

# What a plain scalar would be read as anything but a string (YAML 1.2; the value is known to be one line).
NOT_A_STRING = re.compile(
    r"""(?:true|True|TRUE|false|False|FALSE
    |~|null|Null|NULL|<<|=
    |[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
    |[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
    |[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?
    |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
    |[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?0x[0-9a-fA-F_]+
    |[0-9][0-9_]*|[-+][0-9_]+
    |[0-9]{4}-[0-9]{2}-[0-9]{2}
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
     (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)""",
    re.VERBOSE,
)
# In block context a plain scalar may not begin with an indicator, nor hold ": " or " #".
_INDICATORS = re.compile(r"---|\.\.\.|[#,\[\]{}&*!|>'\"%@`]|[-?:](?:[ \n]|\Z)|.*?(?::(?:[ \n]|\Z)|[ \n]#)", re.DOTALL)
# libyaml counts as printable the first plane without tab, C1 controls, surrogates and the byte order mark.
_UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_ANY_BREAK = re.compile(r"[\n\r\x85\u2028\u2029]")
_PRINTABLE_BREAKS = "\n\u2028\u2029"
_BREAK = re.compile(f"[{_PRINTABLE_BREAKS}]")
_BREAK_BESIDE_SPACE = re.compile(f" [{_PRINTABLE_BREAKS}]|[{_PRINTABLE_BREAKS}] ")
_ESCAPED = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_ESCAPES = {
    "\0": "\\0", "\x07": "\\a", "\x08": "\\b", "\x09": "\\t", "\x0a": "\\n", "\x0b": "\\v", "\x0c": "\\f",
    "\x0d": "\\r", "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L",
    "\u2029": "\\P",
}  # fmt: skip


def simple_key(name: str) -> str | None:
    """A key in the form it has before a colon; None for one that is too long or has several lines."""
    form = _forms.get(name)
    if form is None and (len(name.encode("utf-8", "surrogatepass")) > LONGEST_KEY or _ANY_BREAK.search(name)):
        return None
    return form or one_line(name)


def string(text: str, indent: int, column: int) -> str:
    """A string that begins at `column`, its further lines at `indent`."""
    form = _forms.get(text) or one_line(text)
    style = "" if form == text else form[0]
    if style == "'" and _BREAK.search(text):
        return _fold_single(text, indent, column)
    if column + len(form) <= WIDTH or " " not in form:
        return form
    return _FOLD[style](text, indent, column)


class _Forms(dict[str, str]):
    """Short strings met before, in the form that they are written in. Bounded, as strings are not."""

    def remember(self, text: str, form: str) -> None:
        if len(self) > 5000:
            self.clear()
        self[text] = form


_forms = _Forms()


def one_line(text: str) -> str:
    """A string in its style and unfolded; only a plain one equals the text."""
    style = _style(text)
    form = f'"{_escape(text)}"' if style == '"' else "'" + text.replace("'", "''") + "'" if style else text
    if len(text) <= REMEMBERED and not _ANY_BREAK.search(text):
        _forms.remember(text, form)
    return form


def _style(text: str) -> str:
    """Which quotes a string needs: none, `'` or `"`."""
    if not text:
        return "'"
    broken = _BREAK.search(text)
    if _UNPRINTABLE.search(text) or (broken and _BREAK_BESIDE_SPACE.search(text)):
        return '"'
    if broken or text[0] == " " or text[-1] == " " or _INDICATORS.match(text) or NOT_A_STRING.fullmatch(text):
        return "'"
    return ""


def _escape(text: str) -> str:
    return _ESCAPED.sub(_escape_one, text)


def _escape_one(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _fold_plain(text: str, indent: int, column: int) -> str:
    """A single space beyond the width becomes a line break."""
    lines: list[str] = []
    start = 0
    for found in re.finditer(r"(?<! ) (?! )", text):
        if column + found.start() - start > WIDTH:
            lines.append(text[start : found.start()])
            start = found.end()
            column = indent
    lines.append(text[start:])
    return f"\n{' ' * indent}".join(lines)


def _fold_double(text: str, indent: int, column: int) -> str:
    """The first of several spaces beyond the width becomes a line break; the next is then escaped."""
    pad = f"\n{' ' * indent}"
    out = ['"']
    column += 1
    last = len(text) - 1
    for found in re.finditer(r" +|[^ ]+", text):
        run, start, end = found[0], found.start(), found.end()
        if run[0] != " ":
            run = _escape(run)
            column += len(run)
        elif column > WIDTH and 0 < start < last:
            column = indent + len(run) - 1 + (len(run) > 1)
            run = pad + "\\" * (len(run) > 1) + run[1:]
        else:
            column += end - start
        out.append(run)
    return "".join(out) + '"'


def _fold_single(text: str, indent: int, column: int) -> str:
    """As plain, and a line break of the text is doubled."""
    pad = " " * indent
    out = ["'"]
    column += 1
    last = len(text) - 1
    for found in re.finditer(f" +|[{_PRINTABLE_BREAKS}]+|[^ {_PRINTABLE_BREAKS}]+", text):
        run, start = found[0], found.start()
        if run[0] in _PRINTABLE_BREAKS:
            run = ("\n" if run[0] == "\n" else "") + run + pad
            column = indent
        elif run == " " and column > WIDTH and 0 < start < last:
            run = "\n" + pad
            column = indent
        else:
            run = run.replace("'", "''")
            column += len(run)
        out.append(run)
    return "".join(out) + "'"


_FOLD = {"": _fold_plain, "'": _fold_single, '"': _fold_double}
