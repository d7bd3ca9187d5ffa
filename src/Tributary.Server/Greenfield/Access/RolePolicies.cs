using Tributary.Server.Team;

namespace Tributary.Server.Greenfield.Access;

/// <summary>What a member of the team may do in this dialect: a key never does more than the member who made it.</summary>
internal static class RolePolicies
{
    private static readonly Dictionary<MemberRole, string[]> s_table = new()
    {
        [MemberRole.Viewer] =
        [
            Policies.CanViewInvoices, Policies.CanViewPullPayments, Policies.CanViewPayouts, Policies.CanViewLightningInvoiceInStore, Policies.CanGetRates,
        ],
        [MemberRole.Support] =
        [
            Policies.CanModifyInvoices, Policies.CanCreateNonApprovedPullPayments, Policies.CanViewPayouts, Policies.CanViewLightningInvoiceInStore, Policies.CanGetRates,
        ],
        [MemberRole.Analyst] =
        [
            Policies.CanViewStoreSettings, Policies.CanViewLightningInvoiceInStore, Policies.CanGetRates,
        ],
        [MemberRole.Manager] =
        [
            Policies.CanViewStoreSettings, Policies.CanModifyInvoices, Policies.CanModifyWebhooks, Policies.CanManagePullPayments, Policies.CanUseLightningNodeInStore,
            Policies.CanGetRates,
        ],
        [MemberRole.Owner] = [Policies.CanModifyStoreSettings],
    };

    /// <summary>What a role is granted, directly.</summary>
    public static IReadOnlyList<string> Of(MemberRole role) => s_table[role];

    /// <summary>May a role do this in its store?</summary>
    public static bool May(MemberRole role, string policy) => Array.Exists(s_table[role], granted => Policies.Includes(granted, policy));
}
