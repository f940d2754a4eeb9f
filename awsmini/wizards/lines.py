"""A wizard line by line: a question on stdout, its answer from stdin. Choices are a menu on a terminal, else
they are numbered."""

from awsmini.app import App
from awsmini.commandline.ask import choose, question
from awsmini.errors import AwsminiError
from awsmini.log import debug
from awsmini.wizards.definition import AnswerError, Choice, Question
from awsmini.wizards.walk import Walk


def ask_all(walk: Walk, app: App) -> None:
    """Put all the questions. Raises EndOfInputError where nobody answers."""
    while (current := walk.current) is not None:
        offered = _offered(walk)
        if offered:
            app.stdout.write(f"{current.text}\n")
            walk.answer(offered[choose(app, [choice.label for choice in offered])])
        else:
            walk.type(_typed(current, app))


def _offered(walk: Walk) -> tuple[Choice, ...]:
    """What there is to choose from; nothing where it cannot be known."""
    try:
        return walk.choices()
    except AwsminiError as error:
        debug("wizards", "The choices cannot be listed: %s", error)
        return ()


def _typed(current: Question, app: App) -> str:
    text = current.otherwise or current.text

    def fault(answer: str) -> str | None:
        try:
            current.take(answer)
        except AnswerError as error:
            return str(error)
        return None

    return question(app, text, check=fault, prompt=f"{text}: ") or ""
