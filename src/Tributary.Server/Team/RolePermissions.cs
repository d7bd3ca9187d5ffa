namespace Tributary.Server.Team;

/// <summary>The table of who may do what.</summary>
public static class RolePermissions
{
    private static readonly Dictionary<MemberRole, HashSet<Permission>> s_table = new()
    {
        [MemberRole.Viewer] = [Permission.View],
        [MemberRole.Support] = [Permission.View, Permission.Refund, Permission.Links, Permission.Capture, Permission.Dispute, Permission.Stop],
        [MemberRole.Analyst] = [Permission.View, Permission.Export, Permission.Review, Permission.Lists, Permission.Stop],
        [MemberRole.Manager] =
        [
            Permission.View, Permission.Export, Permission.Review, Permission.Refund, Permission.Links, Permission.Capture, Permission.Dispute, Permission.Lists,
            Permission.Payout, Permission.Approve, Permission.Stop, Permission.Resume, Permission.Keys, Permission.Webhooks, Permission.Liquidity,
        ],
        [MemberRole.Owner] = [.. Enum.GetValues<Permission>()],
    };

    public static bool May(MemberRole role, Permission permission) => s_table[role].Contains(permission);
}
