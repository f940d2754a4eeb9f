"""IAM: policies come as objects, seeds of MFA devices go to files, and the wizard."""

from awsmini.services.record import Operation, Service

_POLICIES = Operation(after_parse="awsmini.services.small.iam:decode_policies")

SERVICE = Service(
    commands={"wizard": "awsmini.services.shared.wizards:iam"},
    operations={
        "AcquireRole": _POLICIES,
        "CreateInstanceProfile": _POLICIES,
        "CreatePolicyVersion": _POLICIES,
        "CreateRole": _POLICIES,
        "CreateServiceLinkedRole": _POLICIES,
        "CreateVirtualMFADevice": Operation(
            arguments="awsmini.services.small.iam:create_virtual_mfa_device",
            save_output="awsmini.services.small.iam:save_mfa_seed",
        ),
        "GetAccountAuthorizationDetails": _POLICIES,
        "GetGroupPolicy": _POLICIES,
        "GetInstanceProfile": _POLICIES,
        "GetPolicyVersion": _POLICIES,
        "GetRole": _POLICIES,
        "GetRolePolicy": _POLICIES,
        "GetRoleTemplateVersion": _POLICIES,
        "GetUserPolicy": _POLICIES,
        "ListInstanceProfiles": _POLICIES,
        "ListInstanceProfilesForRole": _POLICIES,
        "ListPolicyVersions": _POLICIES,
        "ListRoles": _POLICIES,
        "UpdateRoleDescription": _POLICIES,
    },
)
