"""Agent toolkit: skills for AI coding agents."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "add-skill": "awsmini.services.agent_toolkit.commands:add_skill",
        "check-skill-updates": "awsmini.services.agent_toolkit.commands:check_skill_updates",
        "get-skill-file": "awsmini.services.agent_toolkit.commands:get_skill_file",
        "list-installed-skills": "awsmini.services.agent_toolkit.commands:list_installed_skills",
        "remove-skill": "awsmini.services.agent_toolkit.commands:remove_skill",
        "update-skill": "awsmini.services.agent_toolkit.commands:update_skill",
    },
)
