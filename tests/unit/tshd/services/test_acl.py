"""What roles allow."""

from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services import acl


def role(*allow: types.Rule, deny: tuple[types.Rule, ...] = ()) -> types.RoleV6:
    """A role with these rules."""
    found = types.RoleV6()
    found.Spec.Allow.Rules.extend(allow)
    found.Spec.Deny.Rules.extend(deny)
    return found


def rule(kind: str, *verbs: str, where: str = "") -> types.Rule:
    """A rule for a kind."""
    return types.Rule(Resources=[kind], Verbs=verbs, Where=where)


def test_any_role_may_allow_and_any_may_deny() -> None:
    found = acl.of([role(rule("user", "list")), role(rule("user", "*"), deny=(rule("*", "read"),))])
    assert found.users.list
    assert found.users.create
    assert not found.users.read


def test_everybody_sees_servers_unless_denied() -> None:
    assert acl.of([role()]).servers.list
    assert not acl.of([role(deny=(rule("node", "list"),))]).servers.list
    assert not acl.of([role()]).servers.edit


def test_a_condition_on_one_object_allows_no_whole_kind() -> None:
    assert not acl.of([role(rule("session", "list", where="x"))]).recorded_sessions.list


def test_sharing_is_on_until_a_role_switches_it_off() -> None:
    off = role()
    off.Spec.Options.DesktopClipboard.Value = False
    assert acl.of([role()]).clipboard_sharing_enabled
    found = acl.of([role(), off])
    assert not found.clipboard_sharing_enabled
    assert found.directory_sharing_enabled


def test_a_trusted_device_is_needed_when_cluster_or_role_says_so() -> None:
    strict = role()
    strict.Spec.Options.DeviceTrustMode = "required-for-humans"
    assert not acl.needs_device([role()], "off")
    assert acl.needs_device([role()], "required")
    assert acl.needs_device([role(), strict], "")
