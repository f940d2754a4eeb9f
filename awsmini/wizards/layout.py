"""How a wizard looks: its sections at the side, the questions beside them, and what there is to say below."""

from prompt_toolkit.data_structures import Point
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import (
    BufferControl,
    CompletionsMenu,
    ConditionalContainer,
    Container,
    Dimension,
    Float,
    FloatContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    ScrollbarMargin,
    VSplit,
    Window,
    WindowAlign,
)
from prompt_toolkit.styles import Style

from awsmini.wizards.view import ScreenView

STYLE = Style(
    [
        ("title", "bold underline"),
        ("section", "dim"),
        ("section.seen", ""),
        ("section.current", "bold reverse"),
        ("answer", "bold"),
        ("question", "bold"),
        ("marked", "reverse"),
        ("panel", "dim"),
        ("error", "bg:ansired fg:ansiwhite"),
        ("key", "bold"),
    ]
)
MENU_ROWS = 10
ERROR_ROWS = 9
LAST_SECTION = "Create"


def layout(screen: ScreenView) -> Layout:
    """The whole screen, the cursor where answers are typed."""
    title = Window(
        FormattedTextControl([("class:title", screen.walk.wizard.title)]), height=1, align=WindowAlign.CENTER
    )
    entry = Window(BufferControl(screen.entry), dont_extend_height=True, wrap_lines=True)
    body = HSplit(
        [
            ConditionalContainer(_lines(lambda: _answered(screen)), Condition(lambda: bool(screen.walk.answered()))),
            VSplit([_lines(lambda: [("class:question", f"{screen.question_text}: ")], as_wide_as_text=True), entry]),
            _menu(screen),
            _details(screen),
            Window(),
            _error(screen),
        ]
    )
    rows = HSplit(
        [title, Window(height=1), VSplit([_sections(screen), Window(width=2), body]), _lines(lambda: _footer(screen))]
    )
    completions = Float(CompletionsMenu(max_height=6), xcursor=True, ycursor=True)
    return Layout(FloatContainer(rows, [completions]), focused_element=entry)


def _lines(text: "FormattedTextControl | object", *, as_wide_as_text: bool = False) -> Window:
    """Text as high as it is."""
    return Window(
        FormattedTextControl(text),  # type: ignore[arg-type]
        wrap_lines=not as_wide_as_text,
        dont_extend_height=True,
        dont_extend_width=as_wide_as_text,
    )


def _sections(screen: ScreenView) -> Window:
    names = [section.name for section in screen.walk.wizard.sections] + [LAST_SECTION]
    width = max(map(len, names)) + 2

    def text() -> StyleAndTextTuples:
        walk = screen.walk
        current = walk.section()
        parts: StyleAndTextTuples = []
        for section in walk.wizard.sections:
            seen = ".seen" if walk.has_seen(section) else ""
            style = ".current" if section == current else seen
            parts.append((f"class:section{style}", f" {section.name} ".ljust(width)))
            parts.append(("", "\n\n"))
        style = ".current" if current is None else ""
        parts.append((f"class:section{style}", f" {LAST_SECTION} ".ljust(width)))
        return parts

    return Window(FormattedTextControl(text), width=width)


def _answered(screen: ScreenView) -> StyleAndTextTuples:
    parts: StyleAndTextTuples = []
    for question in screen.walk.answered():
        parts += [("", f"{question.text}: "), ("class:answer", screen.walk.shown(question)), ("", "\n")]
    return parts[:-1]


def _menu(screen: ScreenView) -> Container:
    def text() -> StyleAndTextTuples:
        menu = screen.menu
        if menu is None:
            return []
        if not menu.shown:
            return [("", "  (none of the choices has that in it)")]
        return [
            ("class:marked" if at == menu.at else "", f"{'> ' if at == menu.at else '  '}{choice.label}\n")
            for at, choice in enumerate(menu.shown)
        ]

    control = FormattedTextControl(text, get_cursor_position=lambda: Point(0, screen.menu.at if screen.menu else 0))
    rows = Window(
        control,
        height=lambda: Dimension(min=1, max=MENU_ROWS, preferred=len(screen.menu.shown) if screen.menu else 1),
        right_margins=[ScrollbarMargin()],
        dont_extend_height=True,
    )
    return ConditionalContainer(rows, Condition(lambda: screen.menu is not None and not screen.saving))


def _details(screen: ScreenView) -> Container:
    def title() -> StyleAndTextTuples:
        current = screen.walk.current
        return [("class:panel", f"── {current.details_title if current else ''} ")]

    panel = HSplit(
        [
            Window(height=1),
            VSplit([_lines(title, as_wide_as_text=True), Window(char="─", height=1, style="class:panel")]),
            Window(BufferControl(screen.details), wrap_lines=True, right_margins=[ScrollbarMargin()]),
        ]
    )
    return ConditionalContainer(panel, Condition(lambda: screen.details_shown))


def _error(screen: ScreenView) -> Container:
    text = Window(
        FormattedTextControl(lambda: screen.error),
        style="class:error",
        wrap_lines=True,
        height=Dimension(max=ERROR_ROWS),
        dont_extend_height=True,
    )
    return ConditionalContainer(text, Condition(lambda: bool(screen.error) and not screen.error_hidden))


def _footer(screen: ScreenView) -> StyleAndTextTuples:
    """The keys that do something here, or what is being waited for."""
    if screen.status:
        return [("", f" {screen.status}")]
    if screen.saving:
        keys = {"Enter": "save", "Esc": "do not save"}
    else:
        keys = {"Enter": "next", "Shift+Tab": "back"}
        if screen.has_details:
            keys |= {"F2/F3": "details", "^S": "save"}
    if screen.error:
        keys["F4"] = "error"
    keys["^C"] = "cancel"
    parts: StyleAndTextTuples = [("", " ")]
    for name, does in keys.items():
        parts += [("class:key", f"[{name}]"), ("", f" {does} ")]
    return parts
