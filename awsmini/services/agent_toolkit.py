"""Agent toolkit: skills for AI coding agents."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "add-skill": "awsmini.services.small.agent_toolkit:add_skill",
        "check-skill-updates": "awsmini.services.small.agent_toolkit:check_skill_updates",
        "get-skill-file": "awsmini.services.small.agent_toolkit:get_skill_file",
        "list-installed-skills": "awsmini.services.small.agent_toolkit:list_installed_skills",
        "remove-skill": "awsmini.services.small.agent_toolkit:remove_skill",
        "update-skill": "awsmini.services.small.agent_toolkit:update_skill",
    },
)
