"""`--monitoring-configuration`: what where the logs of each kind go asks of the place for logs."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError

_LOG_TYPES = ("system-logs", "application-logs", "persistent-ui-logs")
_NEED_PLACE = _LOG_TYPES[:2]  # unless they are disabled
_POLICIES = ("emr-managed", "on-customer-s3only", "disabled")


def check_monitoring(configuration: Mapping[str, Any], log_uri: str | None) -> None:
    """Raise ParamValidationError where the policies do not fit the kinds of logs, or --log-uri."""
    policies = configuration.get("S3LoggingConfiguration", {}).get("LogTypeUploadPolicy")
    if not policies:
        return
    for log_type, policy in policies.items():
        _check_policy(log_type, policy)
    needs_place = any(policies.get(log_type) != "disabled" for log_type in _NEED_PLACE)
    has_place = bool(log_uri and log_uri.strip())
    if needs_place and not has_place:
        raise ParamValidationError(
            "A valid S3 location (LogUri) is required for the current S3LoggingConfiguration. Please specify an S3 "
            "bucket and try again."
        )
    if has_place and not needs_place:
        raise ParamValidationError(
            "LogUri must not be specified when system-logs and application-logs policies are both disabled in "
            "S3LoggingConfiguration"
        )


def _check_policy(log_type: str, policy: str) -> None:
    if log_type not in _LOG_TYPES:
        raise ParamValidationError(
            "Invalid log type specified for the current S3LoggingConfiguration. Supported log types: system-logs, "
            "application-logs, persistent-ui-logs"
        )
    if policy not in _POLICIES:
        raise ParamValidationError(
            "Invalid policy specified for the current S3LoggingConfiguration. Supported policies: emr-managed, "
            "on-customer-s3only, disabled"
        )
    if log_type == "persistent-ui-logs" and policy == "on-customer-s3only":
        raise ParamValidationError(
            "Invalid policy for log type 'persistent-ui-logs'. Supported values for persistent-ui-logs: emr-managed, "
            "disabled"
        )
