using Tributary.Server.Team;

namespace Tributary.Server.Tests.Team;

public sealed class RolePermissionsTests
{
    [Fact]
    public void An_owner_may_everything_and_a_viewer_looks_only()
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            Assert.True(RolePermissions.May(MemberRole.Owner, permission));
            Assert.Equal(permission == Permission.View, RolePermissions.May(MemberRole.Viewer, permission));
        }
    }

    [Fact]
    public void The_team_is_an_owners_alone_and_money_out_a_managers()
    {
        foreach (var role in Enum.GetValues<MemberRole>())
        {
            Assert.Equal(role == MemberRole.Owner, RolePermissions.May(role, Permission.Team));
            Assert.Equal(role == MemberRole.Owner, RolePermissions.May(role, Permission.Policy));
            Assert.Equal(role != MemberRole.Viewer, RolePermissions.May(role, Permission.Stop));
            Assert.Equal(role is MemberRole.Owner or MemberRole.Manager, RolePermissions.May(role, Permission.Resume));
            Assert.Equal(role is MemberRole.Owner or MemberRole.Manager, RolePermissions.May(role, Permission.Approve));
            Assert.Equal(role is MemberRole.Owner or MemberRole.Manager, RolePermissions.May(role, Permission.Payout));
            Assert.Equal(role is MemberRole.Owner or MemberRole.Manager, RolePermissions.May(role, Permission.Keys));
        }
    }
}
