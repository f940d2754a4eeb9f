"""Rekognition: images from files."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    every=Operation(arguments="awsmini.services.small.rekognition:image_bytes"),
    operations={"CompareFaces": Operation(arguments="awsmini.services.small.rekognition:compared_bytes")},
)
