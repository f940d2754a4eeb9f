"""One API call from top to bottom: serialize → sign → send → parse. Each verb below is a package.

Before it, `commands/operation.py` turns argv into params; after it, the same file hands the output to
query and format. Paging (`paging.py`) and waiting (`waiting.py`) are loops around `run`; retrying is the
loop in `exchange`.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from awsmini import log
from awsmini.calls.context import ClientContext
from awsmini.calls.customize import add_presigned_url, after_parse, after_serialize, before_serialize
from awsmini.calls.observers import CallObserver, observed
from awsmini.calls.routing import Router
from awsmini.config.endpoint import endpoint_for
from awsmini.errors import ClientError, NoAnswerError, SendError
from awsmini.log import debug
from awsmini.model.shapes import OperationModel
from awsmini.params.validate import validate
from awsmini.parse import is_error_in_success, is_failure, parse, parse_error
from awsmini.records import NOTHING, Call, Conversions, Output, Reply, Request, replace
from awsmini.references import resolve_name
from awsmini.send.body import rewind
from awsmini.send.checksums import features as checksum_features
from awsmini.send.checksums import verified, with_checksum
from awsmini.send.retry import CRC32_SERVICES, Retries, check_crc32
from awsmini.send.useragent import call_features
from awsmini.serialize import serialize
from awsmini.sign import presign, sign
from awsmini.sign.scheme import choose_scope

SET_CLOCK = "awsmini.calls.remedies:set_clock"
RENEW = "awsmini.calls.remedies:renew_credentials"
REMEDIES = {  # codes of errors that a new signature may mend
    "RequestTimeTooSkewed": SET_CLOCK,
    "RequestInTheFuture": SET_CLOCK,
    "InvalidSignatureException": SET_CLOCK,
    "SignatureDoesNotMatch": SET_CLOCK,
    "AuthFailure": SET_CLOCK,
    "403": SET_CLOCK,  # the answer to a HEAD has no other code
    "ExpiredToken": RENEW,
    "ExpiredTokenException": RENEW,
    "RequestExpired": "awsmini.calls.remedies:set_clock_or_renew",
}
RESUMING = "awsmini.send.resume:resuming"


def run(
    operation: OperationModel,
    api_params: Mapping[str, Any],
    context: ClientContext,
    router: Router,
    conversions: Conversions,
    features: tuple[str, ...] = (),
) -> Output:
    """The output of one call, made for the sake of `features`. Raises ClientError where the service answers with an error."""
    call = replace(prepare(operation, api_params, context, router), features=features)
    if context.observers or log.is_on():  # who is told of the output is told of values
        conversions = replace(conversions, listing=None)
    retries = context.retry_policy.call(operation)
    with observed(call, context.observers) as observer:
        request = build_request(call, context, router)
        output = ask(request, call, context, router, conversions, retries, observer)
        if is_failure(output) and router.should_ask_elsewhere(call, output):
            rewind(request)
            retries.go_elsewhere(output["ResponseMetadata"]["HTTPHeaders"], context.read_timeout)
            call = replace(prepare(operation, api_params, context, router), features=features)
            request = build_request(call, context, router)
            output = ask(request, call, context, router, conversions, retries, observer)
        observer.ended(output)
    output = after_parse(operation, api_params, output)
    if is_failure(output):
        raise ClientError(output, operation.name)
    return output


def prepare(
    operation: OperationModel,
    api_params: Mapping[str, Any],
    context: ClientContext,
    router: Router,
    presigning: bool = False,
) -> Call:
    """The call with everything settled: valid parameters, where it goes, how it is signed.

    A URL asks for no checksum of the answer: that would be a header which its user had to send.
    """
    checksums = context.response_checksum == "when_supported" and not presigning
    params = before_serialize(operation, api_params, response_checksums=checksums)
    built_ins = router.built_ins(operation, params)
    endpoint = endpoint_for(
        operation, params, built_ins, context.partitions, context.client_context, context.known_endpoints
    )
    if context.validate_parameters:
        validate(operation.input_shape, params, context.warn_once)
    discovered = router.discovered_url(operation, params)
    if discovered:
        endpoint = replace(endpoint, url=discovered)
    if not context.use_ssl:
        endpoint = replace(endpoint, url=endpoint.url.replace("https:", "http:", 1))
    debug("endpoint", "%s is answered at %s", operation.name, endpoint.url)
    return Call(
        operation=operation,
        params=params,
        endpoint=endpoint,
        scope=choose_scope(operation, endpoint, context.endpoints),
        headers=context.headers,
    )


def ask(
    request: Request,
    call: Call,
    context: ClientContext,
    router: Router,
    conversions: Conversions,
    retries: Retries,
    observer: CallObserver,
) -> Output:
    """The answer to a call, parsed: an output or an error (`is_failure` tells)."""
    output = exchange(request, call, context, router, conversions, retries, observer)
    debug("parse", "Output: %s", output)
    output["ResponseMetadata"].update(retries.metadata)
    return output


def build_request(call: Call, context: ClientContext, router: Router) -> Request:
    """The request of a call, ready to be signed."""
    operation = call.operation
    request = serialize(
        operation,
        call.params,
        call.endpoint,
        inject_host_prefix=context.endpoints.inject_host_prefix,
        compress_from=context.compress_from,
    )
    debug("serialize", "%s %s with body %s", request.method, request.url, request.body)
    request = after_serialize(request, operation, call.params)
    presign_there = partial(_presign_in, call, context, router)
    request = add_presigned_url(request, operation, call.scope.region, presign_there)
    from_rules = {name: ",".join(values) for name, values in call.endpoint.headers.items()}
    request = replace(request, headers={**request.headers, **from_rules, **call.headers})
    return with_checksum(request, operation, call.params, context.request_checksum, trailers=context.trailers)


def sign_attempt(request: Request, call: Call, context: ClientContext, router: Router) -> Request:
    """The request, signed now. The user agent tells where credentials came from, so it is known only here."""
    identity = router.identity(call)
    used = (
        *call_features(call, request, context.endpoints.has_bearer_token),
        *checksum_features(request, context.request_checksum, context.response_checksum),
    )
    request = replace(request, headers={**request.headers, "User-Agent": context.user_agent(used)})
    return sign(request, call.scope, identity, context.now())


def exchange(
    request: Request,
    call: Call,
    context: ClientContext,
    router: Router,
    conversions: Conversions,
    retries: Retries,
    observer: CallObserver,
) -> Output:
    """Sign, send and parse, until an answer is worth having. Each attempt is signed anew, because the clock has moved."""
    app = context.app
    remedied: set[str] = set()

    def attempt(further: Mapping[str, str] = NOTHING) -> Reply:
        signed = request if not further else replace(request, headers={**request.headers, **further})
        signed = sign_attempt(signed, call, context, router)
        signed = replace(signed, headers={**signed.headers, **retries.headers()})
        observer.sending(signed)
        reply = settled(call, context.send(signed))
        observer.answered(reply)
        return reply

    while True:
        wait = retries.wait_before(app.now().timestamp())
        if wait > 0:  # sleep(0) gives the core away
            app.sleep(wait)
        reply = None
        try:
            reply = attempt()
            if reply.raw is not None and "S3_TRANSFER" not in call.features:  # the engine goes on by itself
                reply = resolve_name(RESUMING)(call.operation, reply, attempt, retries, app)
            output = read(call, reply, context, conversions)
        except (SendError, NoAnswerError) as error:
            if reply is None:
                observer.failed(error)
            delay = retries.next_delay(app.uniform, error=error, time=app.now().timestamp())
            if delay is None:
                raise
            if reply is not None:
                retries.tell_time(reply.headers, context.read_timeout)
        else:
            code = str(output["Error"].get("Code", "")) if is_failure(output) else None
            if retries.may_go_on and is_mended(code, remedied, call, reply, context, router):
                delay = 0.0
                retries.attempt += 1
            else:
                delay = retries.next_delay(app.uniform, reply=reply, code=code, time=app.now().timestamp())
            if delay is None:
                return output
            retries.tell_time(reply.headers, context.read_timeout)
        debug("retry", "Trying again in %.3f seconds", delay)
        app.sleep(delay)
        request = rewind(request)


def read(call: Call, reply: Reply, context: ClientContext, conversions: Conversions) -> Output:
    """The answer, parsed: an output or an error. Raises NoAnswerError for what is no answer of the service's."""
    operation = call.operation
    if operation.service_model.service_name in CRC32_SERVICES:
        check_crc32(reply)
    if reply.status >= 300:
        return parse_error(operation, reply, conversions)
    return parse(operation, verified(reply, call, context.response_checksum), conversions)


def settled(call: Call, reply: Reply) -> Reply:
    """The reply; one from S3 that calls itself a success and holds an error is the 500 that it should have been."""
    return replace(reply, status=500) if is_error_in_success(call.operation, reply) else reply


def error_code(call: Call, reply: Reply) -> str | None:
    """The code of an error, None for a success."""
    if reply.status < 300:
        return None
    return str(parse_error(call.operation, reply)["Error"].get("Code", ""))


def is_mended(
    code: str | None, remedied: set[str], call: Call, reply: Reply, context: ClientContext, router: Router
) -> bool:
    """Whether there is a remedy for a refusal that has not been tried, and it has changed something."""
    remedy = REMEDIES.get(code or "")
    if remedy is None or remedy in remedied:
        return False
    remedied.add(remedy)
    mended: bool = resolve_name(remedy)(call, reply, context, router)
    return mended


def signed_request(
    operation: OperationModel,
    api_params: Mapping[str, Any],
    context: ClientContext,
    router: Router,
    features: tuple[str, ...] = (),
) -> tuple[Call, Request]:
    """The call, and the request that `run` would send first. Nothing is sent."""
    call = replace(prepare(operation, api_params, context, router), features=features)
    signed = sign_attempt(build_request(call, context, router), call, context, router)
    retries = context.retry_policy.call(operation)
    return call, replace(signed, headers={**signed.headers, **retries.headers()})


def presigned_url(
    operation: OperationModel,
    api_params: Mapping[str, Any],
    context: ClientContext,
    router: Router,
    expires: int,
    method: str | None = None,
) -> str:
    """A URL that makes the call for whoever has it, for `expires` seconds. Nothing is sent."""
    call = prepare(operation, api_params, context, router, presigning=True)
    request = serialize(operation, call.params, call.endpoint, inject_host_prefix=context.endpoints.inject_host_prefix)
    request = with_checksum(
        after_serialize(request, operation, call.params), operation, call.params, context.request_checksum, True
    )
    request = replace(request, method=method or request.method, headers={**request.headers, **call.headers})
    return presign(request, call.scope, router.identity(call), context.now(), expires).url


def _presign_in(call: Call, context: ClientContext, router: Router, request: Request, region: str) -> str:
    """The URL of a request, signed for another region and good for an hour."""
    scope = replace(call.scope, region=region)
    return presign(request, scope, router.identity(call), context.now(), 3600).url
