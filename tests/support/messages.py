"""Hypothesis strategies for any protobuf message, made from its descriptor."""

from collections.abc import Mapping

from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from hypothesis import strategies as st

DEEPEST = 3
_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
    FieldDescriptor.CPPTYPE_ENUM: st.integers(-1, 40),
}
_FLOATS = {FieldDescriptor.CPPTYPE_FLOAT, FieldDescriptor.CPPTYPE_DOUBLE}
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
Words = Mapping[str, st.SearchStrategy[str]]


def messages(descriptor: Descriptor, words: Words, depth: int = 0) -> st.SearchStrategy[Message]:
    """Messages of a kind; texts come from `words` where a member's name ends like one of them."""
    wanted = {
        field.name: _member(field, words, depth)
        for field in descriptor.fields
        if field.message_type is None or depth < DEEPEST
    }
    made = message_factory.GetMessageClass(descriptor)
    optional: dict[str, st.SearchStrategy[object]] = dict(wanted)
    return st.fixed_dictionaries({}, optional=optional).map(lambda values: made(**values))


def _member(field: FieldDescriptor, words: Words, depth: int) -> st.SearchStrategy[object]:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        value = kind.fields_by_name["value"]
        return st.dictionaries(_TEXT, _member(value, {}, depth), max_size=2)
    one = messages(kind, words, depth + 1) if kind is not None else _scalar(field, words)
    return st.lists(one, max_size=2) if field.is_repeated else one


def _scalar(field: FieldDescriptor, words: Words) -> st.SearchStrategy[object]:
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return st.booleans()
    if field.cpp_type in _FLOATS:
        return st.floats(width=32)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=32)
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        for ending, strategy in words.items():
            if field.name.endswith(ending):
                return st.one_of(strategy, _TEXT)
        return _TEXT
    return _INTEGERS[field.cpp_type]
