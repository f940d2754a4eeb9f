"""`awsmini agent-toolkit`: skills for AI coding agents. Its other commands are operations of the model."""

import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING

from awsmini.commandline.answer import pager, show_value
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.format.output import write_out
from awsmini.params.arguments import flag, option
from awsmini.services.small.agent_toolkit_agents import TARGETS, Installed, Skill, targets
from awsmini.services.small.agent_toolkit_skills import catalog, download, install, installed_version, latest_version

if TYPE_CHECKING:
    from awsmini.client import Client


_NAME = option("skill-name", required=True, doc="The name of the skill.")
_VERSION = option("skill-version", doc="A version such as v1, where the latest is not wanted.")
_AGENT = option("agent", doc=f"One agent, instead of all that are found: {', '.join(each.id for each in TARGETS)}.")

_CURRENT, _UPDATED, _FAILED = "current", "updated", "failed"


def _add(invocation: Invocation, values: Values) -> int:
    agents = _agents(invocation, values)
    skill = download(catalog(invocation), values["skill_name"], values.get("skill_version"))
    install(skill, agents, invocation.app.stdout.write)
    return 0


def _update(invocation: Invocation, values: Values) -> int:
    name, every = values.get("skill_name"), values.get("all")
    if name and every:
        raise ParamValidationError("Cannot use --skill-name together with --all.")
    if not name and not every:
        raise ParamValidationError("Either --skill-name or --all is required.")
    agents = _agents(invocation, values)
    if every:
        return _update_all(invocation, agents)
    installed = _named(str(name), agents)
    version = _update_one(invocation, catalog(invocation), installed)
    if version:
        invocation.app.stdout.write(f"{name} is already up to date ({version}).\n")
    return 0


def _update_one(invocation: Invocation, client: "Client", installed: list[Skill]) -> str | None:
    """Update one skill where it is outdated; the version where it is so nowhere."""
    name = installed[0].name
    version = latest_version(client, name)
    outdated = [skill.agent for skill in installed if installed_version(skill.folder) != version]
    if not outdated:
        return version
    install(download(client, name, version), outdated, invocation.app.stdout.write, verb="Updated", anew=True)
    return None


def _update_all(invocation: Invocation, agents: list[Installed]) -> int:
    """Update one skill after the other. One that fails is told, and keeps none of the others from it."""
    by_name: dict[str, list[Skill]] = {}
    for skill in _skills(agents):
        by_name.setdefault(skill.name, []).append(skill)
    if not by_name:
        invocation.app.stdout.write("No installed AWS skills found.\n")
        return 0
    client = catalog(invocation)
    outcomes = [_outcome(invocation, client, installed) for _, installed in sorted(by_name.items())]
    if set(outcomes) == {_CURRENT}:
        invocation.app.stdout.write("All installed AWS skills are already up to date.\n")
    return 1 if _FAILED in outcomes else 0


def _outcome(invocation: Invocation, client: "Client", installed: list[Skill]) -> str:
    try:
        return _CURRENT if _update_one(invocation, client, installed) else _UPDATED
    except AwsminiError as error:
        invocation.app.stderr.write(f"  Failed to update {installed[0].name}: {error}\n")
        return _FAILED


def _check_updates(invocation: Invocation, values: Values) -> int:
    installed = _each_once(_skills(targets(values.get("agent"), invocation.app.env)))
    latest: dict[str, str] = {}
    rows = []
    for skill in installed:
        if skill.name not in latest:
            latest[skill.name] = latest_version(catalog(invocation), skill.name)
        version = installed_version(skill.folder)
        versions = {"installedVersion": version, "latestVersion": latest[skill.name]}
        outdated = version != latest[skill.name]
        if outdated or values.get("all"):
            rows.append({**_row(skill), **versions, "updateAvailable": outdated})
    show_value(invocation, "check-skill-updates", {"skills": rows})
    return 0


def _remove(invocation: Invocation, values: Values) -> int:
    agents = targets(values.get("agent"), invocation.app.env)
    for skill in _each_once(_named(values["skill_name"], agents)):
        try:
            shutil.rmtree(skill.folder)
        except OSError as error:
            raise AwsminiError(f"{error.filename} cannot be removed: {error.strerror}") from error
        invocation.app.stdout.write(f"Removed {skill.name} from {skill.agent.label}.\n")
    return 0


def _list(invocation: Invocation, values: Values) -> int:
    found = _each_once(_skills(targets(values.get("agent"), invocation.app.env)))
    show_value(invocation, "list-installed-skills", {"skills": [_row(skill) for skill in found]}, empty_line=True)
    return 0


def _row(skill: Skill) -> dict[str, object]:
    return {"agent": skill.agent.agent.name, "name": skill.name, "path": skill.path}


def _get_file(invocation: Invocation, values: Values) -> int:
    which = {
        "name": values["skill_name"],
        "skillVersion": values.get("skill_version") or "latest",
        "filePath": values["file_path"],
    }
    content = catalog(invocation)._make_api_call("GetSkillFile", which)["body"].read()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise AwsminiError(f"{values['file_path']} is no text in UTF-8: {error}") from error
    write_out([text], invocation.app, pager=pager(invocation))
    return 0


def _agents(invocation: Invocation, values: Values) -> list[Installed]:
    found = targets(values.get("agent"), invocation.app.env)
    if not found:
        raise ParamValidationError("No supported AI coding agents found.")
    return found


def _named(name: str, agents: list[Installed]) -> list[Skill]:
    """The skill of that name, agent by agent. Raises ParamValidationError where none has it."""
    found = [skill for skill in _skills(agents) if skill.name == name]
    if not found:
        raise ParamValidationError(f'Skill "{name}" is not installed.')
    return found


def _skills(agents: Iterable[Installed]) -> list[Skill]:
    return [skill for agent in agents for skill in agent.skills()]


def _each_once(skills: list[Skill]) -> list[Skill]:
    """Without those of further agents that share a folder."""
    first: dict[str, Skill] = {}
    for skill in skills:
        first.setdefault(skill.path, skill)
    return list(first.values())


add_skill = HandWritten(
    "add-skill", _add, doc="Put a skill into the folders of the AI coding agents.", arguments=(_NAME, _VERSION, _AGENT)
)
update_skill = HandWritten(
    "update-skill",
    _update,
    doc="Put the latest version of a skill in the place of older ones.",
    arguments=(
        option("skill-name", doc="The name of the skill."),
        flag("all", doc="All skills that were added, instead of one."),
        _AGENT,
    ),
)
check_skill_updates = HandWritten(
    "check-skill-updates",
    _check_updates,
    doc="List the skills that were added and have a newer version by now; update-skill gets it.",
    arguments=(flag("all", doc="List those too that are up to date."), _AGENT),
)
remove_skill = HandWritten("remove-skill", _remove, doc="Remove a skill that was added.", arguments=(_NAME, _AGENT))
list_installed_skills = HandWritten(
    "list-installed-skills", _list, doc="List the skills that were added, and where they are.", arguments=(_AGENT,)
)
get_skill_file = HandWritten(
    "get-skill-file",
    _get_file,
    doc="Print a file of a skill.",
    arguments=(
        _NAME,
        option("file-path", required=True, doc="The file, such as SKILL.md; get-skill-metadata lists them."),
        _VERSION,
    ),
)
