"""A table: its keys and indexes, its items in the order of their keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from roadworthy.testing.aws.dynamodb.parser import invalid
from roadworthy.testing.aws.dynamodb.values import Item, Value, kind, plain

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Keys:
    """The attributes of a key with their types: {"id": "S", "at": "N"}, the partition key first."""

    types: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """The partition key, and the sort key if there is one."""
        return list(self.types)

    def of(self, item: Item) -> Item:
        """The key of an item."""
        return {name: item[name] for name in self.types}

    def fits(self, item: Item) -> bool:
        """Whether an item has the key, of the right types."""
        return all(name in item and kind(item[name]) == type_ for name, type_ in self.types.items())


@dataclass
class Table:
    """A table; `indexes` are by name."""

    name: str
    arn: str
    keys: Keys
    indexes: Mapping[str, Keys]
    items: dict[Key, Item] = field(default_factory=dict)

    def refuse_without_key(self, item: Item) -> None:
        """Raise for an item that cannot be kept.

        Raises:
            AwsError: ValidationException, when it lacks the key.
        """
        for name in self.keys.names:
            if name not in item:
                raise invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
        if not self.keys.fits(item):
            raise invalid("One or more parameter values were invalid: Type mismatch for key")

    def put(self, item: Item) -> None:
        """Keep an item, which has the key, instead of the one with the same key."""
        self.items[self._place(item)] = item

    def get(self, key: Item) -> Item:
        """The item of a key; empty when there is none.

        Raises:
            AwsError: ValidationException, when it is no key of this table.
        """
        if key.keys() != self.keys.types.keys() or not self.keys.fits(key):
            raise invalid("The provided key element does not match the schema")
        return self.items.get(self._place(key), {})

    def drop(self, key: Item) -> None:
        """Forget an item."""
        self.items.pop(self._place(key), None)

    def keys_of(self, index: str | None) -> Keys:
        """The key of the table, or of an index.

        Raises:
            AwsError: ValidationException, when there is no such index.
        """
        if index is None:
            return self.keys
        if index not in self.indexes:
            raise invalid(f"The table does not have the specified index: {index}")
        return self.indexes[index]

    def ordered(self, index: str | None, *, forward: bool = True) -> list[Item]:
        """All items that the index has, by its sort key, and by the table's own key where that is the same."""
        keys = self.keys_of(index)
        found = [item for item in self.items.values() if keys.fits(item)]
        return sorted(found, key=lambda item: self.place_in(keys, item), reverse=not forward)

    def place_in(self, keys: Keys, item: Item) -> Key:
        """Where an item stands among those of its partition."""
        return tuple(plain(item[name]) for name in (*keys.names[1:], *self.keys.names))

    def _place(self, item: Mapping[str, Value]) -> Key:
        return tuple(plain(item[name]) for name in self.keys.names)
