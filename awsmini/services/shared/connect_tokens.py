"""Tokens to log in to a database with: a presigned URL without its scheme. Nothing is sent to make one."""

from collections.abc import Mapping

from awsmini.commandline.invocation import Invocation
from awsmini.config.regions import check_region
from awsmini.errors import NoRegionError
from awsmini.records import Request, Scope
from awsmini.sign.sigv4 import encoded, presign

_SCHEME = "https://"


def connect_token(invocation: Invocation, address: str, service: str, query: Mapping[str, str], expires: int) -> str:
    """The token for an address (`host:port`), signed for `service`, good for `expires` seconds.

    The address stays as it was given; the host that is signed is in lower case and without the port of https, which
    is what the database checks. With --no-sign-request there is nothing but the address.
    """
    session = invocation.session
    session.settings.check()
    region = session.region_name
    if region is None:
        raise NoRegionError
    check_region(region)
    url = _SCHEME + address
    if not invocation.flags.get("sign_request", True):
        return _rooted(url).removeprefix(_SCHEME)
    joint = "&" if "?" in url else "?"
    request = Request(method="GET", url=f"{_rooted(url)}{joint}{encoded(query)}")
    scope = Scope(auth="v4", region=region, service=service)
    signed = presign(request, scope, session.credentials.get(), invocation.app.now(), expires)
    return signed.url.removeprefix(_SCHEME)


def _rooted(url: str) -> str:
    """The URL, with a path where it has none."""
    return url if "/" in url.removeprefix(_SCHEME) else f"{url}/"
