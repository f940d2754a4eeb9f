"""Doing what a wizard is for: its steps, one after the other, with a record of what is done already."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from awsmini.errors import AwsminiError
from awsmini.wizards.definition import Step, Wizard
from awsmini.wizards.template import holds, pick
from awsmini.wizards.walk import Values
from awsmini.wizards.world import World

Wish = tuple[str, str, Any]  # what is wanted: call, config or credentials; the operation or profile; the parameters


class Done(NamedTuple):
    wish: Wish
    kept: Mapping[str, Any]
    told: str | None


class Journal:
    """What was done. A step that failed is tried again without doing over what came before it."""

    def __init__(self) -> None:
        self.under_way: str | None = None  # what has begun, and not ended
        self._done: list[Done] = []

    @property
    def told(self) -> list[str]:
        """What has happened, a line for each thing."""
        return [done.told for done in self._done if done.told]

    def find(self, wish: Wish) -> Done | None:
        return next((done for done in self._done if done.wish == wish), None)

    def add(self, done: Done) -> None:
        self._done.append(done)

    @contextmanager
    def noting(self, wish: Wish) -> Iterator[None]:
        """Within it the wish is under way, and stays so where it is interrupted: nobody knows then what became of it."""
        self.under_way = f"{wish[0]} {wish[1]}"
        try:
            yield
        except AwsminiError:
            self.under_way = None
            raise
        self.under_way = None


def run(wizard: Wizard, values: Values, world: World, journal: Journal) -> None:
    """Do the steps. Raises AwsminiError at the first that fails; the journal knows those before it."""
    for step in wizard.steps:
        if not holds(step.when, values):
            continue
        wish = wish_of(step, values)
        done = journal.find(wish)
        if done is None:
            with journal.noting(wish):
                kept = _kept(step, _do(wish, world))
            values.kept.update(kept)
            done = Done(wish, kept, values.fill(step.done))
            journal.add(done)
        values.kept.update(done.kept)


def wish_of(step: Step, values: Values) -> Wish:
    """What a step wants, all names filled in."""
    params = values.fill(step.params)
    if step.call is not None:
        return "call", step.call, params
    if step.config is not None:
        return "config", values.fill(step.config), params
    return "credentials", values.fill(step.credentials), params


def _do(wish: Wish, world: World) -> Any:
    kind, name, params = wish
    if kind == "call":
        service, operation = name.split(".")
        return world.call(service, operation, params)
    write = world.write_config if kind == "config" else world.write_credentials
    return write(name, params)


def _kept(step: Step, answer: Any) -> dict[str, Any]:
    return {name: pick(expression, answer) for name, expression in step.keep.items()}
