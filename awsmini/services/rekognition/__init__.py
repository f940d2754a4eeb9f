"""Rekognition: images from files."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    every=Operation(arguments="awsmini.services.rekognition.images:image_bytes"),
    operations={"CompareFaces": Operation(arguments="awsmini.services.rekognition.images:compared_bytes")},
)
