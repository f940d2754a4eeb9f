"""`awsmini agent-toolkit`: skills for AI coding agents. Its other commands are operations of the model."""

import shutil

from awsmini.commandline.answer import pager, show_value
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.format.output import write_out
from awsmini.params.arguments import option
from awsmini.services.agent_toolkit.agents import TARGETS, Installed, Skill, targets
from awsmini.services.agent_toolkit.skills import catalog, download, install, installed_version, latest_version

_NAME = option("skill-name", required=True, doc="The name of the skill.")
_VERSION = option("skill-version", doc="A version such as v1, where the latest is not wanted.")
_AGENT = option("agent", doc=f"One agent, instead of all that are found: {', '.join(each.id for each in TARGETS)}.")


def _add(invocation: Invocation, values: Values) -> int:
    agents = _agents(invocation, values)
    skill = download(catalog(invocation), values["skill_name"], values.get("skill_version"))
    install(skill, agents, invocation.app.stdout.write)
    return 0


def _update(invocation: Invocation, values: Values) -> int:
    name, say = values["skill_name"], invocation.app.stdout.write
    installed = _named(name, _agents(invocation, values))
    client = catalog(invocation)
    version = latest_version(client, name)
    outdated = [skill.agent for skill in installed if installed_version(skill.folder) != version]
    if outdated:
        install(download(client, name, version), outdated, say, verb="Updated", anew=True)
    else:
        say(f"{name} is already up to date ({version}).\n")
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
    found = _each_once(
        [skill for agent in targets(values.get("agent"), invocation.app.env) for skill in agent.skills()]
    )
    skills = [{"agent": skill.agent.agent.name, "name": skill.name, "path": skill.path} for skill in found]
    show_value(invocation, "list-installed-skills", {"skills": skills})
    return 0


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
    found = [skill for agent in agents for skill in agent.skills() if skill.name == name]
    if not found:
        raise ParamValidationError(f'Skill "{name}" is not installed.')
    return found


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
    arguments=(_NAME, _AGENT),
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
