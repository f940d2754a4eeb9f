"""Skills: had from the Agent Toolkit's catalog, checked, and put into the folders of agents.

A skill is there whole or not at all: it is unpacked beside its place, under another name.
"""

import hashlib
import io
import json
import os
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, NoRegionError
from awsmini.model.shapes import ServiceModel
from awsmini.services.small.agent_toolkit_agents import MARKER, SKILL_FILE, Installed

if TYPE_CHECKING:
    from awsmini.client import Client

SERVICE = "agenttoolkit"
LARGEST = 10 * 1024 * 1024  # bytes, unpacked
_ALL = "download"  # the file that is all of a skill, as a zip

Say = Callable[[str], object]


class SkillError(AwsminiError):
    """What came is not what was promised, or would not stay in its folder."""


class Download(NamedTuple):
    """All files of a version of a skill. `checksum` is the SHA-256 that the service states, in hex."""

    name: str
    version: str
    content: bytes
    checksum: str


def catalog(invocation: Invocation) -> "Client":
    """The client of the Agent Toolkit. It signs nothing, and yet there has to be a region: raises NoRegionError."""
    client = invocation.client(ServiceModel(invocation.models.lines(SERVICE)))
    if client.meta.region_name is None:
        raise NoRegionError
    return client


def latest_version(client: "Client", name: str) -> str:
    return str(client._make_api_call("GetLatestSkillVersion", {"name": name}).get("body", "")).strip()


def download(client: "Client", name: str, version: str | None = None) -> Download:
    """A skill, by default as it is now."""
    version = version or latest_version(client, name)
    which = {"name": name, "skillVersion": version, "filePath": _ALL}
    content = client._make_api_call("GetSkillFile", which)["body"].read()
    stated = client._make_api_call("GetSkillFileChecksum", which).get("body", "")
    return Download(name, version, content, (stated.lower().split() or [""])[0])


def install(
    skill: Download, agents: Sequence[Installed], say: Say, *, verb: str = "Installed", anew: bool = False
) -> None:
    """Put a skill into the folders of the agents; `anew` in place of what is there. Raises SkillError."""
    archive = _checked(skill)
    done: set[str] = set()
    for agent in agents:
        folder = os.path.realpath(os.path.join(agent.skills_folder, skill.name))
        if folder in done:
            continue
        done.add(folder)
        if os.path.isdir(folder) and not _may_replace(folder, skill.name, say, anew=anew):
            continue
        _unpack(archive, skill.version, folder)
        say(f"  {verb} {skill.name} ({skill.version}) to {agent.label}.\n")


def installed_version(folder: str) -> str | None:
    """The version that the marker in a skill's folder names."""
    try:
        with open(os.path.join(folder, MARKER), encoding="utf-8") as file:
            marker = json.load(file)
    except (OSError, ValueError):
        return None
    return marker.get("version") if isinstance(marker, dict) else None


def _checked(skill: Download) -> zipfile.ZipFile:
    actual = hashlib.sha256(skill.content).hexdigest()
    if actual != skill.checksum:
        raise SkillError(
            f"Checksum verification failed for {skill.name} (expected {skill.checksum!r}, got {actual!r})."
        )
    if skill.name in (".", "..") or os.path.basename(skill.name) != skill.name:
        raise SkillError(f"Refusing to install {skill.name!r} (path escapes skills directory).")
    try:
        archive = zipfile.ZipFile(io.BytesIO(skill.content))
    except zipfile.BadZipFile as error:
        raise SkillError(f"{skill.name} cannot be unpacked: {error}") from error
    size = sum(member.file_size for member in archive.infolist())
    if size > LARGEST:
        raise SkillError(f"Refusing to extract: uncompressed size ({size} bytes) exceeds limit.")
    for name in archive.namelist():
        path = os.path.normpath(name)
        if path.startswith("..") or os.path.isabs(path):
            raise SkillError(f"Refusing to extract {name!r} (path escapes skill directory).")
    return archive


def _may_replace(folder: str, name: str, say: Say, *, anew: bool) -> bool:
    """Whether a folder that is there may go, which is told where not: it is the user's own, or is good as it is."""
    if not os.path.exists(os.path.join(folder, MARKER)):
        say(f"  Skipped {name} at {folder}: directory was not installed by the AWS CLI.\n")
        return False
    if anew:
        return True
    if os.path.exists(os.path.join(folder, SKILL_FILE)):
        version = installed_version(folder)
        say(
            f"  {name} is already installed{f' ({version})' if version else ''} at {folder}. "
            f'Run "awsmini agent-toolkit update-skill --skill-name {name}" to update, or remove it first to reinstall.\n'
        )
        return False
    say(f"  Reinstalling {name} at {folder}: previous install appears incomplete.\n")
    return True


def _unpack(archive: zipfile.ZipFile, version: str, folder: str) -> None:
    """Fill a folder beside the skill's, and let it take its place."""
    parent, name = os.path.split(folder)
    fresh = os.path.join(parent, f".{name}.{os.getpid()}.{time.monotonic_ns():x}.new")
    try:
        os.makedirs(fresh)
        archive.extractall(fresh)
        with open(os.path.join(fresh, MARKER), "w", encoding="utf-8") as file:
            file.write(json.dumps({"version": version}) + "\n")
        _replace(folder, fresh)
    except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise SkillError(f"{folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _replace(folder: str, fresh: str) -> None:
    """Let the fresh folder take the place of one that may be there, which stays where that fails."""
    if not os.path.isdir(folder):
        os.rename(fresh, folder)
        return
    old = f"{fresh}.old"
    os.rename(folder, old)
    try:
        os.rename(fresh, folder)
    except BaseException:
        os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
