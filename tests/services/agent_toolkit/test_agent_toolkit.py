"""`agent-toolkit` and `configure agent-toolkit`, with a catalog of skills on the loopback and agents that are folders."""

import errno
import hashlib
import io
import json
import os
import stat
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.servers import answer
from tests.wizards.pseudo_terminal import on_a_terminal

PROXY = ["mcp-proxy-for-aws@latest", "https://aws-mcp.us-east-1.api.aws/mcp", "--metadata", "INSTALL_SOURCE=aws-cli"]
ENTRY = {"command": "uvx", "args": PROXY}
UNIVERSAL = "Universal (Codex, Devin, Gemini CLI, OpenCode, Windsurf)"
NAMES = "Claude Code, Cline, Codex, Cursor, Devin, Gemini CLI, Kiro, OpenClaw, OpenCode, Pi, Windsurf"


def zipped(**files):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in files.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return archive.getvalue()


def skill(name):
    return zipped(**{"SKILL.md": f"# {name}\n", "references/a.md": "a\n"})


class Catalog:
    """Answers as the Agent Toolkit does: names in two pages, versions, files and their checksums."""

    def __init__(self, *names):
        self.skills = {name: skill(name) for name in names}
        self.version = "v2"
        self.checksums = {}

    def __call__(self, request):
        assert "Authorization" not in request.headers
        url = urlsplit(request.target)
        parts = url.path.strip("/").split("/")
        if parts == ["api", "skills"]:
            return answer(200, self._page(parse_qs(url.query)))
        content = self.skills.get(parts[1])
        if content is None:
            return answer(404, {"message": "no such skill"}, {"x-amzn-errortype": "NotFoundException"})
        if parts[2] == "latest":
            return answer(200, f"{self.version}\n")
        if parts[-1] == "checksum":
            return answer(200, self.checksums.get(parts[1], hashlib.sha256(content).hexdigest()) + "  skill.zip\n")
        return answer(200, content if parts[-1] == "download" else f"{parts[3]}: {'/'.join(parts[5:])}\n")

    def _page(self, query):
        assert query["category_filter"] == ["aws-core"]
        first, *rest = sorted(self.skills) or [None]
        page = rest if "next_token" in query else [first][: len(self.skills)]
        skills = [{"name": name, "description": "", "skillVersion": "v2", "categories": []} for name in page]
        return {"skills": skills, **({} if "next_token" in query or not rest else {"nextToken": "more"})}


@pytest.fixture
def agents(aws):
    """A terminal on a machine with Claude Code, Kiro, and Codex, whose skills are shared."""
    for folder in (".claude", ".kiro", ".codex", ".agents"):
        (aws.home / folder).mkdir()
    aws.service.always(Catalog("cdk", "lambda"))
    return aws


def toolkit(aws, words):
    return aws(f"agent-toolkit {words}")


def files(aws, folder):
    return {
        path.relative_to(aws.home / folder).as_posix(): path.read_text()
        for path in (aws.home / folder).rglob("*")
        if path.is_file()
    }


def test_a_skill_goes_to_every_agent(agents):
    outcome = toolkit(agents, "add-skill --skill-name cdk")
    assert outcome.code == 0
    assert outcome.stdout == (
        f"  Installed cdk (v2) to {UNIVERSAL} — ~/.agents/skills.\n"
        "  Installed cdk (v2) to Claude Code — ~/.claude/skills.\n"
        "  Installed cdk (v2) to Kiro — ~/.kiro/skills.\n"
    )
    there = {"SKILL.md": "# cdk\n", "references/a.md": "a\n", ".aws-skill-metadata": '{"version": "v2"}\n'}
    for folder in (".agents", ".claude", ".kiro"):
        assert files(agents, f"{folder}/skills/cdk") == there
    assert [path.name for path in (agents.home / ".kiro/skills").iterdir()] == ["cdk"]


def test_one_agent_and_one_version(agents):
    assert toolkit(agents, "add-skill --skill-name cdk --agent KIRO --skill-version v1").stdout == (
        "  Installed cdk (v1) to Kiro — ~/.kiro/skills.\n"
    )
    assert not (agents.home / ".claude/skills").exists()
    assert toolkit(agents, "update-skill --skill-name cdk").stdout == "  Updated cdk (v2) to Kiro — ~/.kiro/skills.\n"
    assert toolkit(agents, "update-skill --skill-name cdk").stdout == "cdk is already up to date (v2).\n"
    assert toolkit(agents, "remove-skill --skill-name cdk").stdout == "Removed cdk from Kiro — ~/.kiro/skills.\n"
    assert list((agents.home / ".kiro/skills").iterdir()) == []


def test_what_is_there_stays(agents):
    toolkit(agents, "add-skill --skill-name cdk --agent kiro")
    agents.write(".claude/skills/cdk/SKILL.md", "mine\n")
    outcome = toolkit(agents, "add-skill --skill-name cdk")
    assert outcome.stdout == (
        f"  Installed cdk (v2) to {UNIVERSAL} — ~/.agents/skills.\n"
        f"  Skipped cdk at {agents.home}/.claude/skills/cdk: directory was not installed by the AWS CLI.\n"
        f"  cdk is already installed (v2) at {agents.home}/.kiro/skills/cdk. Run "
        '"awsmini agent-toolkit update-skill --skill-name cdk" to update, or remove it first to reinstall.\n'
    )
    assert files(agents, ".claude/skills/cdk") == {"SKILL.md": "mine\n"}
    assert "not installed" in toolkit(agents, "remove-skill --skill-name cdk --agent claude-code").message


def test_an_incomplete_skill_is_put_back(agents):
    toolkit(agents, "add-skill --skill-name cdk --agent kiro")
    (agents.home / ".kiro/skills/cdk/SKILL.md").unlink()
    agents.write(".kiro/skills/cdk/stale", "")
    assert toolkit(agents, "list-installed-skills").json == {"skills": []}
    assert toolkit(agents, "add-skill --skill-name cdk --agent kiro").stdout == (
        f"  Reinstalling cdk at {agents.home}/.kiro/skills/cdk: previous install appears incomplete.\n"
        "  Installed cdk (v2) to Kiro — ~/.kiro/skills.\n"
    )
    assert sorted(files(agents, ".kiro/skills/cdk")) == [".aws-skill-metadata", "SKILL.md", "references/a.md"]


def put(agents, folder, name, marker):
    """A skill in the folder of an agent, with a marker of one's own."""
    agents.write(f"{folder}/skills/{name}/SKILL.md", "")
    agents.write(f"{folder}/skills/{name}/.aws-skill-metadata", marker)
    return f"{agents.home}/{folder}/skills/{name}/SKILL.md"


def test_newer_versions_are_listed(agents):
    assert toolkit(agents, "check-skill-updates").stdout == '{\n    "skills": []\n}\n'
    assert not agents.service.requests
    old = put(agents, ".claude", "cdk", '{"version": "v1"}')
    good = put(agents, ".kiro", "cdk", '{"version": "v2"}')
    broken = put(agents, ".kiro", "lambda", "{")
    rows = [
        {"agent": agent, "name": name, "path": path, "installedVersion": version, "latestVersion": "v2",
         "updateAvailable": version != "v2"}
        for agent, name, path, version in (("Claude Code", "cdk", old, "v1"), ("Kiro", "cdk", good, "v2"),
                                           ("Kiro", "lambda", broken, None))
    ]  # fmt: skip
    outcome = toolkit(agents, "check-skill-updates --all")
    assert outcome.json == {"skills": rows}
    assert list(outcome.json["skills"][0]) == list(rows[0])
    assert [request.target for request in agents.service.requests] == ["/skills/cdk/latest", "/skills/lambda/latest"]
    assert toolkit(agents, "check-skill-updates").json == {"skills": [rows[0], rows[2]]}
    assert toolkit(agents, "check-skill-updates --agent claude-code --output text").stdout == (
        f"SKILLS\tClaude Code\tv1\tv2\tcdk\t{old}\tTrue\n"
    )
    put(agents, ".kiro", "gone", '{"version": "v2"}')
    assert toolkit(agents, "check-skill-updates").code == 254


def test_all_skills_are_updated(agents):
    assert toolkit(agents, "update-skill --all").stdout == "No installed AWS skills found.\n"
    put(agents, ".kiro", "lambda", '{"version": "v1"}')
    put(agents, ".kiro", "cdk", '{"version": "v2"}')
    put(agents, ".claude", "cdk", '{"version": "v1"}')
    outcome = toolkit(agents, "update-skill --all")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        "  Updated cdk (v2) to Claude Code — ~/.claude/skills.\n  Updated lambda (v2) to Kiro — ~/.kiro/skills.\n"
    )
    assert toolkit(agents, "update-skill --all").stdout == "All installed AWS skills are already up to date.\n"


def test_a_skill_that_cannot_be_updated_keeps_none_of_the_others_from_it(agents):
    for name in ("another", "cdk"):
        put(agents, ".kiro", name, '{"version": "v1"}')
    outcome = toolkit(agents, "update-skill --all")
    assert (outcome.code, outcome.stdout) == (1, "  Updated cdk (v2) to Kiro — ~/.kiro/skills.\n")
    assert outcome.stderr == (
        "  Failed to update another: An error occurred (NotFoundException) when calling the GetLatestSkillVersion "
        "operation: no such skill\n"
    )
    assert toolkit(agents, "update-skill --all").stdout == ""


def test_the_list(agents):
    toolkit(agents, "add-skill --skill-name cdk --agent kiro")
    toolkit(agents, "add-skill --skill-name cdk --agent codex")
    path = f"{agents.home}/.agents/skills/cdk/SKILL.md"
    skills = [{"agent": UNIVERSAL, "name": "cdk", "path": path},
              {"agent": "Kiro", "name": "cdk", "path": f"{agents.home}/.kiro/skills/cdk/SKILL.md"}]  # fmt: skip
    outcome = toolkit(agents, "list-installed-skills")
    assert outcome.json == {"skills": skills}
    assert outcome.stdout.endswith("}\n\n")  # the empty line is AWS CLI v2's
    found = toolkit(agents, "list-installed-skills --agent codex --query skills[].agent --output text")
    assert found.stdout == "Codex\n\n"
    records = toolkit(agents, "list-installed-skills --query skills --output ndjson").stdout
    assert [json.loads(line) for line in records.splitlines()] == skills


def test_a_file_of_a_skill(agents):
    assert toolkit(agents, "get-skill-file --skill-name cdk --file-path references/a.md").stdout == (
        "latest: references/a.md\n"
    )
    assert toolkit(agents, "get-skill-file --skill-name cdk --file-path SKILL.md --skill-version v1").stdout == (
        "v1: SKILL.md\n"
    )
    outcome = toolkit(agents, "get-skill-file --skill-name cdk --file-path download")
    assert (outcome.code, outcome.stdout) == (255, "")
    assert outcome.message.startswith("awsmini: [ERROR]: download is no text in UTF-8: ")


REFUSED = [
    ("../up", skill("x"), "Refusing to install '../up' (path escapes skills directory)."),
    ("cdk", zipped(**{"SKILL.md": "", "../out": ""}), "Refusing to extract '../out' (path escapes skill directory)."),
    ("cdk", zipped(**{"/out": ""}), "Refusing to extract '/out' (path escapes skill directory)."),
    ("cdk", zipped(big=bytes(10 * 1024 * 1024 + 1)), "Refusing to extract: uncompressed size (10485761 bytes) exceeds limit."),
    ("cdk", b"no zip", "cdk cannot be unpacked: File is not a zip file"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "message"), REFUSED)
def test_a_skill_that_is_not_taken(agents, name, content, message):
    catalog = Catalog()
    catalog.skills = {name.replace("/", "%2F"): content}
    agents.service.always(catalog)
    outcome = toolkit(agents, f"add-skill --skill-name {name} --agent kiro")
    assert outcome.code == 255
    assert outcome.message == f"awsmini: [ERROR]: {message}"
    assert not (agents.home / ".kiro/skills").exists()


def test_a_wrong_checksum(agents):
    catalog = Catalog("cdk")
    catalog.checksums["cdk"] = "0" * 64
    agents.service.always(catalog)
    outcome = toolkit(agents, "add-skill --skill-name cdk")
    assert outcome.code == 255
    assert outcome.message.startswith(
        f"awsmini: [ERROR]: Checksum verification failed for cdk (expected '{'0' * 64}', got '"
    )


def test_a_folder_that_cannot_be_written(agents):
    agents.write(".kiro/skills", "a file")
    outcome = toolkit(agents, "add-skill --skill-name cdk --agent kiro")
    assert outcome.code == 255
    assert outcome.message.startswith(f"awsmini: [ERROR]: {agents.home}/.kiro/skills/cdk cannot be written: ")


def test_a_file_in_the_place_of_a_skill_stays(agents):
    file = agents.write(".kiro/skills/cdk", "mine")
    outcome = toolkit(agents, "add-skill --skill-name cdk --agent kiro")
    assert outcome.code == 255
    assert outcome.message.startswith(f"awsmini: [ERROR]: {file} cannot be written: ")
    assert file.read_text() == "mine"
    assert list(file.parent.iterdir()) == [file]


def test_a_skill_that_cannot_be_replaced_stays(agents, monkeypatch):
    toolkit(agents, "add-skill --skill-name cdk --agent kiro --skill-version v1")
    rename = os.rename

    def failing(source, target):
        if source.endswith(".new"):
            raise OSError(errno.ENOSPC, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    outcome = toolkit(agents, "update-skill --skill-name cdk")
    assert (outcome.code, "No space left on device" in outcome.message) == (255, True)
    assert files(agents, ".kiro/skills/cdk")[".aws-skill-metadata"] == '{"version": "v1"}\n'
    assert [path.name for path in (agents.home / ".kiro/skills").iterdir()] == ["cdk"]


ERRORS = [
    ("add-skill --skill-name nope", 254,
     "An error occurred (NotFoundException) when calling the GetLatestSkillVersion operation: no such skill"),
    ("add-skill --skill-name cdk --agent cursor", 252,
     "An error occurred (ParamValidation): No supported AI coding agents found."),
    ("update-skill --skill-name cdk", 252, 'An error occurred (ParamValidation): Skill "cdk" is not installed.'),
    ("remove-skill --skill-name cdk", 252, 'An error occurred (ParamValidation): Skill "cdk" is not installed.'),
    ("list-installed-skills --agent nope", 252,
     'An error occurred (ParamValidation): Invalid agent "nope". Valid values: claude-code, cline, codex, cursor, '
     "devin, gemini-cli, kiro, openclaw, opencode, pi, universal, windsurf."),
    ("update-skill", 252, "An error occurred (ParamValidation): Either --skill-name or --all is required."),
    ("update-skill --all --skill-name cdk", 252,
     "An error occurred (ParamValidation): Cannot use --skill-name together with --all."),
    ("update-skill --all --agent pi", 252, "An error occurred (ParamValidation): No supported AI coding agents found."),
    ("check-skill-updates --agent nope", 252,
     'An error occurred (ParamValidation): Invalid agent "nope". Valid values: claude-code, cline, codex, cursor, '
     "devin, gemini-cli, kiro, openclaw, opencode, pi, universal, windsurf."),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "message"), ERRORS)
def test_errors(agents, words, code, message):
    outcome = toolkit(agents, words)
    assert (outcome.code, outcome.message) == (code, f"awsmini: [ERROR]: {message}")


def test_the_endpoint(agents):
    del agents.env["AWS_ENDPOINT_URL"]
    shown = toolkit(agents, "list-available-skills --print-request http").stdout
    assert "agent-toolkit.us-east-1.api.aws" in shown
    outcome = toolkit(agents, "list-available-skills --region eu-west-1")
    assert (outcome.code, outcome.message) == (255, "awsmini: [ERROR]: AgentToolkit is only available in us-east-1")


def test_commands_of_the_model(agents):
    agents.service.replies(200, {"skills": []})
    assert toolkit(agents, "search-skills --search-query cdk").json == {"skills": []}
    assert agents.service.request.target == "/api/search/skills?query=cdk"
    assert "invalid choice 'get-skill'" in toolkit(agents, "get-skill").message


# configure agent-toolkit ---------------------------------------------------------------------------------------


def test_configure_asks_nothing(agents):
    agents.write(".claude.json", '{"theme": "ä", "mcpServers": {"x": {}}}').chmod(0o664)
    outcome = agents("configure agent-toolkit --yes")
    assert outcome.code == 0
    assert outcome.stdout == (
        "\nDetecting installed AI coding agents...\n"
        "  ✓ Claude Code — ~/.claude/skills\n  ✗ Cline — ~/.cline/skills (not found)\n  ✓ Codex — ~/.agents/skills/\n"
        "  ✗ Cursor — ~/.cursor/skills (not found)\n  ✗ Devin — ~/.agents/skills (not found)\n"
        "  ✗ Gemini CLI — ~/.agents/skills (not found)\n"
        "  ✓ Kiro — ~/.kiro/skills\n  ✗ OpenClaw — ~/.openclaw/skills (not found)\n"
        "  ✗ OpenCode — ~/.agents/skills (not found)\n  ✗ Pi — ~/.pi/agent/skills (not found)\n"
        "  ✗ Windsurf — ~/.agents/skills (not found)\n"
        "\nFetching default AWS skills...\n  Found: cdk, lambda\n"
        "\nInstalling 2 default AWS skills...\n  [1/2] cdk\n  [2/2] lambda\n"
        "\nSkills installed to:\n  Claude Code — ~/.claude/skills\n  Codex — ~/.agents/skills/\n  Kiro — ~/.kiro/skills\n"
        "\nAWS MCP server configured for:\n  ✓ Claude Code — ~/.claude.json: updated\n"
        "  ✓ Kiro — ~/.kiro/settings/mcp.json: updated\n"
        "\nMCP setup not available for the following agents. See "
        "https://docs.aws.amazon.com/agent-toolkit/latest/userguide/getting-started-aws-mcp-server.html for manual setup "
        "instructions.\n  ✗ Codex (requires 'codex' on PATH)\n"
        "\nYou can discover additional skills with 'awsmini agent-toolkit search-skills --search-query <text>'\n"
    )
    claude, kiro = agents.home / ".claude.json", agents.home / ".kiro/settings/mcp.json"
    assert claude.read_text() == json.dumps({"theme": "ä", "mcpServers": {"x": {}, "aws-mcp": ENTRY}}, indent=2) + "\n"
    assert json.loads(kiro.read_text()) == {
        "mcpServers": {"aws-mcp": {**ENTRY, "timeout": 100000, "transport": "stdio"}}
    }
    assert [stat.S_IMODE(path.stat().st_mode) for path in (claude, kiro)] == [0o664, 0o600]
    again = agents("configure agent-toolkit --yes").stdout
    assert "  ✓ Claude Code — ~/.claude.json: already configured\n" in again


def test_configure_goes_on_after_a_bad_skill(agents):
    catalog = Catalog("bad")
    catalog.checksums["bad"] = "f" * 64
    agents.service.always(catalog)
    shown = agents("configure agent-toolkit --yes").stdout
    assert "  [1/1] bad: Checksum verification failed for bad (expected '" in shown
    assert "\nNo skills were installed successfully.\n" in shown


def test_configure_where_no_skills_are_offered(agents):
    agents.service.always(Catalog())
    shown = agents("configure agent-toolkit --yes").stdout
    assert "Fetching default AWS skills...\n\nAWS MCP server configured for:\n" in shown


def test_other_folders_and_a_program(agents):
    for folder in ("other/claude", "other/codex", "bin"):
        (agents.home / folder).mkdir(parents=True)
    program = agents.write("bin/codex", f'#!/bin/sh\necho "$@" > {agents.home}/words\nexit $CODE\n')
    program.chmod(0o755)
    env = {
        "CLAUDE_CONFIG_DIR": f"{agents.home}/other/claude",
        "CODEX_HOME": "~/other/codex",
        "PATH": f"{program.parent}:/bin",
    }
    shown = agents("configure agent-toolkit --yes", env={**env, "CODE": "0"}).stdout
    assert "  ✓ Claude Code — ~/other/claude/skills\n" in shown
    assert "  ✓ Claude Code — ~/other/claude/.claude.json: updated\n  ✓ Codex — codex: updated\n" in shown
    assert (agents.home / "words").read_text() == f"mcp add aws-mcp -- uvx {' '.join(PROXY)}\n"
    failed = agents("configure agent-toolkit --yes", env={**env, "CODE": "3"})
    assert failed.code == 255
    assert "returned non-zero exit status 3." in failed.stderr


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("{bad", " cannot be read: Expecting property name"),
        ("[]", " has to hold an object"),
        ('{"mcpServers": []}', ": mcpServers has to be an object"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(agents, content, fault):
    path = agents.write(".claude.json", content)
    outcome = agents("configure agent-toolkit --yes")
    assert outcome.code == 255
    assert f"awsmini: [ERROR]: {path}{fault}" in outcome.stderr
    assert path.read_text() == content


def test_configure_without_agents_terminal_or_region(aws):
    outcome = aws("configure agent-toolkit")
    assert outcome.code == 253
    assert outcome.stderr.strip() == (
        "awsmini: [ERROR]: An error occurred (Configuration): No supported AI coding agents found. Supported agents: "
        f"{NAMES}. Install one and re-run 'awsmini configure agent-toolkit'."
    )
    (aws.home / ".kiro").mkdir()
    outcome = aws("configure agent-toolkit")
    assert (outcome.code, "requires an interactive terminal (TTY)." in outcome.stderr) == (253, True)
    del aws.env["AWS_DEFAULT_REGION"]
    outcome = aws("configure agent-toolkit --yes")
    assert (outcome.code, "You must specify a region" in outcome.stderr) == (253, True)
    assert "Fetching" not in outcome.stdout


def test_configure_on_a_terminal(agents):
    shown = on_a_terminal(
        agents,
        "configure agent-toolkit",
        ("[x] Claude Code", "\x1b[B \x1b[A\x1b[A \r"),  # neither Codex nor Kiro
        ("[Y/n]:", "\r"),
        ("Invalid response", "y\r"),
        ("MCP server connection? [Y/n]:", "no\r"),
    )
    assert shown.code == 0
    assert sorted(files(agents, ".claude/skills")) == [f"{name}/{file}" for name in ("cdk", "lambda")
                                                       for file in (".aws-skill-metadata", "SKILL.md", "references/a.md")]  # fmt: skip
    assert not (agents.home / ".claude.json").exists()
    assert not (agents.home / ".kiro/skills").exists()


def test_nothing_chosen_and_cancelled(agents):
    shown = on_a_terminal(agents, "configure agent-toolkit", ("[x] Claude Code", " \x1b[B \x1b[B \r"))
    assert (shown.code, "No agents selected." in shown.text) == (0, True)
    shown = on_a_terminal(agents, "configure agent-toolkit", ("[x] Claude Code", "\x03"))
    assert shown.code == 130


# What `configure` offers at its end.

QUESTIONS = (
    ("Access Key ID [None]:", "AKIDEXAMPLE\r"),
    ("Secret Access Key [None]:", "secret\r"),
    ("region name [None]:", "{region}\r"),
    ("output format [None]:", "\r"),
)
OFFER = "for your AI coding agent(s)? [y/n/never]:"


def configure(aws, *steps, region="eu-west-1", command="configure"):
    return on_a_terminal(aws, command, *((wanted, keys.format(region=region)) for wanted, keys in QUESTIONS), *steps)


def test_configure_offers_to_set_up_agents(agents):
    shown = configure(
        agents,
        (OFFER, "x\r"),
        ('Please enter "y", "n", or "never"', "Yes\r"),
        ("[x] Claude Code", "\r"),
        ("[Y/n]:", "y\r"),
        ("MCP server connection? [Y/n]:", "n\r"),
        command="configure --profile new",
    )
    assert shown.code == 0
    assert (agents.home / ".claude/skills/cdk/SKILL.md").is_file()
    assert "[profile new]" in (agents.home / ".aws/config").read_text()
    assert OFFER not in configure(agents).text  # for there are skills now


@pytest.mark.parametrize(("answer", "again"), [("n", True), ("no", True), ("\x04", True), ("never", False)])
def test_configure_takes_no_for_an_answer(agents, answer, again):
    assert configure(agents, (OFFER, f"{answer}\r" if answer != "\x04" else answer)).code == 0
    state = agents.home / ".aws/cli/agent-toolkit/state.json"
    assert (state.read_text() if state.exists() else "") == ("" if again else '{"hint_dismissed": true}\n')
    (agents.home / ".aws/config").unlink()
    (agents.home / ".aws/credentials").unlink()
    assert (OFFER in configure(agents, *(((OFFER, "n\r"),) if again else ())).text) is again


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1", "mars-1"])
def test_configure_for_another_partition_gives_a_tip(agents, region):
    shown = configure(agents, region=region)
    assert (shown.code, OFFER in shown.text) == (0, False)
    assert "Tip: run 'awsmini configure agent-toolkit' to set up AWS skills" in shown.text


def test_configure_offers_nothing_where_it_is_not_wanted(agents):
    agents.env["AWS_CLI_AGENT_TOOLKIT_HINT_DISABLED"] = "True"
    assert OFFER not in configure(agents).text


def test_configure_offers_nothing_in_a_pipe_or_where_no_agent_is(agents):
    assert OFFER not in agents("configure", stdin="AKIDEXAMPLE\nsecret\neu-west-1\n\n").stdout
    (agents.home / ".aws/config").unlink()
    (agents.home / ".aws/credentials").unlink()
    for folder in (".claude", ".kiro", ".codex"):
        (agents.home / folder).rmdir()
    assert OFFER not in configure(agents).text
