"""Which shapes may hold a secret: by their traits, and by the names of members."""

from awsmini.log_setup import is_secret_name
from awsmini.model.shapes import ListShape, MapShape, Shape, StructureShape


def may_hold_secrets(shape: Shape | None, path: tuple[str, ...] = ()) -> bool:
    """Whether there is something sensitive anywhere in a shape."""
    if shape is None or shape.name in path:
        return False
    if shape.traits.get("sensitive"):
        return True
    path = (*path, shape.name)
    if isinstance(shape, StructureShape):
        return any(is_secret_name(name) or may_hold_secrets(member, path) for name, member in shape.members.items())
    if isinstance(shape, ListShape):
        return may_hold_secrets(shape.member, path)
    if isinstance(shape, MapShape):
        return may_hold_secrets(shape.key, path) or may_hold_secrets(shape.value, path)
    return False
