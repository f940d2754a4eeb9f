"""`--emrfs`: how the cluster's file system on S3 is set up, as a configuration or as bootstrap actions."""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.services.emr.applications import bootstrap_action
from awsmini.services.emr.steps import MissingParametersError, pairs, service_bucket

SITE = "emrfs-site"
_ENCRYPTIONS = ("CLIENTSIDE", "SERVERSIDE")
_CHILDREN = {  # what makes sense only beside something else, and what that is called
    "--emrfs Consistent=true/false": ("RetryCount", "RetryPeriod"),
    "--emrfs Encryption=ClientSide,ProviderType=KMS": ("KMSKeyId",),
    "--emrfs Encryption=ClientSide,ProviderType=Custom": ("CustomProviderClass", "CustomProviderLocation"),
}
_CONSISTENT, _KMS, _CUSTOM = _CHILDREN


def configuration(emrfs: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration for a cluster of a release."""
    _check(emrfs)
    properties = _properties(emrfs)
    if _encrypts_with(emrfs, "CUSTOM"):
        properties["fs.s3.cse.encryptionMaterialsProvider.uri"] = emrfs["CustomProviderLocation"]
    return {"Classification": SITE, "Properties": properties}


def bootstrap_actions(emrfs: Mapping[str, Any], region: str | None) -> list[dict[str, Any]]:
    """The same for a cluster of an AMI version; a provider of one's own is fetched first."""
    _check(emrfs)
    actions = []
    if _encrypts_with(emrfs, "CUSTOM"):
        args = ["-s", emrfs["CustomProviderLocation"], "-d", "/usr/share/aws/emr/auxlib", "-f"]
        actions.append(bootstrap_action("S3 get", "file:/usr/share/aws/emr/scripts/s3get", args))
    settings = (f"{key}={value}" if value else key for key, value in _properties(emrfs).items())
    words = [word for setting in settings for word in ("-e", setting)]
    actions.append(
        bootstrap_action("Setup EMRFS", service_bucket("/bootstrap-actions/configure-hadoop", region), words)
    )
    return actions


def _encrypts_with(emrfs: Mapping[str, Any], provider: str) -> bool:
    return _encryption(emrfs) == "CLIENTSIDE" and emrfs.get("ProviderType", "").upper() == provider


def _encryption(emrfs: Mapping[str, Any]) -> str:
    return str(emrfs.get("Encryption", "")).upper()


def _check(emrfs: Mapping[str, Any]) -> None:
    """Raise where what is said contradicts itself, or lacks something."""
    if "Encryption" in emrfs and _encryption(emrfs) not in _ENCRYPTIONS:
        raise ParamValidationError(
            f'The encryption type "{emrfs["Encryption"]}" is invalid. You must specify either ServerSide or ClientSide'
        )
    if "SSE" in emrfs and "Encryption" in emrfs:
        raise ParamValidationError(
            f"Both SSE={emrfs['SSE']} and Encryption={emrfs['Encryption']} are configured for --emrfs. "
            "You must specify only one of the two."
        )
    if _encryption(emrfs) == "CLIENTSIDE":
        _check_provider(emrfs)
    present = {
        _CONSISTENT: "Consistent" in emrfs,
        _KMS: _encrypts_with(emrfs, "KMS"),
        _CUSTOM: _encrypts_with(emrfs, "CUSTOM"),
    }
    for parent, children in _CHILDREN.items():
        stray = [child for child in children if child in emrfs]
        if stray and not present[parent]:
            raise ParamValidationError(
                f"{parent} is not specified. Thus,  following parameters are invalid: {_listed(stray)}"
            )


def _check_provider(emrfs: Mapping[str, Any]) -> None:
    if "ProviderType" not in emrfs:
        raise MissingParametersError("--emrfs Encryption=ClientSide", "ProviderType")
    provider = emrfs["ProviderType"].upper()
    if provider not in ("KMS", "CUSTOM"):
        raise ParamValidationError(
            f'The client side encryption type "{emrfs["ProviderType"]}" is not supported. '
            "You must specify either KMS or Custom"
        )
    parent = _KMS if provider == "KMS" else _CUSTOM
    missing = [child for child in _CHILDREN[parent] if child not in emrfs]
    if missing:
        raise MissingParametersError(parent, _listed(missing))


def _listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _properties(emrfs: Mapping[str, Any]) -> dict[str, str]:
    """Hadoop's properties, of options that have been checked."""
    found: dict[str, str] = {}
    if "Consistent" in emrfs:
        found["fs.s3.consistent"] = _lower(emrfs["Consistent"])
        for option, key in (("RetryCount", "retryCount"), ("RetryPeriod", "retryPeriodSeconds")):
            if option in emrfs:
                found[f"fs.s3.consistent.{key}"] = str(emrfs[option])
    if "SSE" in emrfs or _encryption(emrfs) == "SERVERSIDE":
        found["fs.s3.enableServerSideEncryption"] = _lower(emrfs.get("SSE", True))
    if _encrypts_with(emrfs, "KMS"):
        found["fs.s3.cse.enabled"] = "true"
        found["fs.s3.cse.encryptionMaterialsProvider"] = (
            "com.amazon.ws.emr.hadoop.fs.cse.KMSEncryptionMaterialsProvider"
        )
        found["fs.s3.cse.kms.keyId"] = emrfs["KMSKeyId"]
    if _encrypts_with(emrfs, "CUSTOM"):
        found["fs.s3.cse.enabled"] = "true"
        found["fs.s3.cse.encryptionMaterialsProvider"] = emrfs["CustomProviderClass"]
    found.update({pair["Key"]: pair["Value"] for pair in pairs(emrfs.get("Args", ()))})
    return found


def _lower(value: bool) -> str:
    return str(value).lower()
