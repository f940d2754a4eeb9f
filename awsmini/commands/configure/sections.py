"""What `configure get` and `configure set` say of sections: --sso-session, --services and dotted names."""

from awsmini.commandline.handwritten import Values
from awsmini.errors import AwsminiError, ParamValidationError

PLUGINS = "plugins"  # the one section that is neither a profile nor named by an option
MAPS = ("s3", "emr")  # what is set below these names is a map of the profile at hand, whatever profiles there are


class SectionNotFoundError(AwsminiError):
    def __init__(self, name: str) -> None:
        super().__init__(f"The config sub-section ({name}) could not be found")


class VariableNameError(AwsminiError):
    """A dotted name that ends too early."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The variable name {name} names a profile and no setting of it")


def chosen_section(values: Values) -> tuple[str, str] | None:
    """The section's kind and name; None where the profile is meant."""
    sso_session, services = values.get("sso_session"), values.get("services")
    if sso_session is not None and services is not None:
        raise ParamValidationError(
            'The key "services" cannot be specified when one of the following keys are also specified: sso_session'
        )
    if sso_session is not None:
        return "sso-session", sso_session
    return None if services is None else ("services", services)
