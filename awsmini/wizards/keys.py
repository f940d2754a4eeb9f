"""Which key does what in a wizard: those of AWS CLI v2's wizards."""

from collections.abc import Callable

from prompt_toolkit.filters import Condition, FilterOrBool
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from awsmini.wizards.view import ScreenView

PAGE = 10


def bindings(screen: ScreenView) -> KeyBindings:
    """The keys of a screen. What fails unexpectedly ends it, and is told like any other error."""
    found = KeyBindings()

    def bind(*names: str, do: Callable[[], None], when: FilterOrBool = True) -> None:
        def press(event: KeyPressEvent) -> None:
            try:
                do()
            except (Exception, KeyboardInterrupt) as error:
                event.app.exit(exception=error)

        for name in names:
            found.add(name, filter=when)(press)

    answering = Condition(lambda: screen.app.layout.has_focus(screen.entry))
    choosing = answering & Condition(lambda: screen.menu is not None and not screen.saving)
    completing = answering & Condition(lambda: screen.entry.complete_state is not None)
    completed = completing & Condition(lambda: _completion(screen) is not None)
    detailed = Condition(lambda: screen.has_details and not screen.saving)

    bind("enter", "tab", do=screen.next, when=answering)
    bind("s-tab", do=screen.back, when=answering & Condition(lambda: not screen.saving))
    bind("escape", do=screen.escape)
    bind("up", "left", do=lambda: screen.move(-1), when=choosing)
    bind("down", "right", do=lambda: screen.move(1), when=choosing)
    bind("pageup", do=lambda: screen.move(-PAGE), when=choosing)
    bind("pagedown", do=lambda: screen.move(PAGE), when=choosing)
    bind("tab", do=screen.entry.complete_next, when=completing)
    bind("s-tab", do=screen.entry.complete_previous, when=completing)
    bind("enter", do=lambda: _apply(screen), when=completed)
    bind("f2", do=lambda: _other_pane(screen), when=detailed & Condition(lambda: screen.details_shown))
    bind("f3", do=screen.toggle_details, when=detailed)
    bind("c-s", do=screen.begin_saving, when=detailed)
    bind("f4", do=lambda: setattr(screen, "error_hidden", not screen.error_hidden))
    bind("c-c", do=_cancel)
    return found


def _cancel() -> None:
    raise KeyboardInterrupt


def _completion(screen: ScreenView) -> object:
    state = screen.entry.complete_state
    return state and state.current_completion


def _apply(screen: ScreenView) -> None:
    state = screen.entry.complete_state
    if state and state.current_completion:
        screen.entry.apply_completion(state.current_completion)


def _other_pane(screen: ScreenView) -> None:
    """From the question to the details, and back."""
    layout = screen.app.layout
    layout.focus(screen.details if layout.has_focus(screen.entry) else screen.entry)
