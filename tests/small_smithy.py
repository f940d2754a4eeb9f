"""A Smithy model of a small service, in any protocol: what tests add with `awsmini models add`."""

from typing import Any

NAMESPACE = "com.example.parcels"


def target(name: str, **traits: Any) -> dict[str, Any]:
    """A reference to a shape of the model, or to one of Smithy's own where it has a `#`."""
    return {"target": name if "#" in name else f"{NAMESPACE}#{name}", "traits": traits_of(traits)}


def traits_of(traits: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("__", "#").replace("_", "."): value for name, value in traits.items()}


def structure(_members: dict[str, Any] | None = None, **traits: Any) -> dict[str, Any]:
    return {"type": "structure", "members": _members or {}, "traits": traits_of(traits)}


STRING = "smithy.api#String"


def parcels(protocol: str = "aws.protocols#restJson1") -> dict[str, Any]:
    """The model: parcels are sent, fetched, listed by the page, and tracked; a depot is a resource."""
    shapes = {
        "Parcels": {
            "type": "service",
            "version": "2024-05-01",
            "operations": [target("SendParcel"), target("ListParcels"), target("Ping")],
            "resources": [target("Depot")],
            "errors": [target("Busy")],
            "traits": {
                "aws.api#service": {"sdkId": "Parcel Post", "endpointPrefix": "parcels"},
                "aws.auth#sigv4": {"name": "parcels"},
                "smithy.api#title": "Example Parcel Post",
                "smithy.api#documentation": "<p>Sends parcels.</p>",
                "smithy.api#paginated": {"inputToken": "next", "outputToken": "next", "pageSize": "most"},
                "smithy.api#xmlNamespace": {"uri": "https://parcels.example.com/doc"},
                protocol: {},
            },
        },
        "Depot": {"type": "resource", "read": target("GetDepot"), "collectionOperations": [target("CountDepots")]},
        "SendParcel": operation(
            "SendParcelInput", "SendParcelOutput", ["NoRoom"], http=("POST", "/depots/{depot}/parcels?kind=sent")
        ),
        "ListParcels": operation(
            "ListParcelsInput",
            "ListParcelsOutput",
            http=("GET", "/parcels"),
            smithy_api__paginated={"items": "parcels"},
        ),
        "Ping": operation("smithy.api#Unit", "smithy.api#Unit", http=("GET", "/ping"), smithy_api__optionalAuth={}),
        "GetDepot": operation(
            "GetDepotInput",
            "GetDepotOutput",
            ["NoDepot"],
            http=("GET", "/depots/{depot}"),
            smithy_waiters__waitable={
                "DepotOpen": {
                    "minDelay": 5,
                    "acceptors": [
                        {
                            "state": "success",
                            "matcher": {"output": {"path": "open", "expected": "true", "comparator": "booleanEquals"}},
                        },
                        {"state": "retry", "matcher": {"errorType": "NoDepot"}},
                        {"state": "failure", "matcher": {"success": False}},
                    ],
                }
            },
        ),
        "CountDepots": operation("smithy.api#Unit", "CountDepotsOutput", http=("GET", "/depot-count")),
        "SendParcelInput": structure(
            {
                "depot": target(STRING, smithy_api__httpLabel={}, smithy_api__required={}),
                "token": target(STRING, smithy_api__idempotencyToken={}, smithy_api__httpHeader="x-parcel-token"),
                "weight": target("smithy.api#Double", smithy_api__jsonName="grams"),
                "size": target("Size"),
                "stickers": target("Stickers", smithy_api__xmlFlattened={}),
                "labels": target("Labels"),
                "due": target("smithy.api#Timestamp", smithy_api__timestampFormat="date-time"),
                "content": target("smithy.api#Blob"),
                "more": target("smithy.api#Document"),
                "via": target("Way"),
            },
            smithy_api__input={},
        ),
        "SendParcelOutput": structure(
            {"parcel": target("Parcel"), "status": target("smithy.api#Integer", smithy_api__httpResponseCode={})}
        ),
        "ListParcelsInput": structure(
            {
                "next": target(STRING, smithy_api__httpQuery="next"),
                "most": target("Most", smithy_api__httpQuery="most"),
            }
        ),
        "ListParcelsOutput": structure(
            {"parcels": target("ParcelList"), "next": target(STRING), "total": target("Most")}
        ),
        "GetDepotInput": structure({"depot": target(STRING, smithy_api__httpLabel={}, smithy_api__required={})}),
        "GetDepotOutput": structure({"name": target(STRING), "open": target("smithy.api#Boolean")}),
        "CountDepotsOutput": structure({"count": target("smithy.api#Integer")}),
        "Parcel": structure({"id": target(STRING, smithy_api__required={}), "inside": target("ParcelList")}),
        "ParcelList": {"type": "list", "member": target("Parcel", smithy_api__xmlName="Parcel")},
        "Stickers": {"type": "list", "member": target(STRING)},
        "Labels": {"type": "map", "key": target(STRING), "value": target(STRING), "traits": {}},
        "Most": {"type": "integer", "traits": {"smithy.api#range": {"min": 1, "max": 100}}},
        "Size": {
            "type": "enum",
            "members": {
                "SMALL": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "small"}},
                "LARGE": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "large"}},
            },
        },
        "Way": {"type": "union", "members": {"road": target(STRING), "rail": target("smithy.api#Integer")}},
        "NoRoom": structure(
            {"message": target(STRING)},
            smithy_api__error="client",
            smithy_api__httpError=409,
            aws_protocols__awsQueryError={"code": "Full", "httpResponseCode": 409},
        ),
        "NoDepot": structure({"message": target(STRING)}, smithy_api__error="client", smithy_api__httpError=404),
        "Busy": structure({"message": target(STRING)}, smithy_api__error="server", smithy_api__retryable={}),
    }
    return {"smithy": "2.0", "shapes": {f"{NAMESPACE}#{name}": shape for name, shape in shapes.items()}}


def operation(
    given: str, answered: str, errors: list[str] | None = None, *, http: tuple[str, str], **traits: Any
) -> dict[str, Any]:
    method, uri = http
    return {
        "type": "operation",
        "input": target(given),
        "output": target(answered),
        "errors": [target(error) for error in errors or ()],
        "traits": {"smithy.api#http": {"method": method, "uri": uri, "code": 200}, **traits_of(traits)},
    }
