using System.Collections.Immutable;
using Tributary.Payments.Identifiers;
using Tributary.Server.Payments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>The operator's first keys of a fresh folder.</summary>
internal static class GreenfieldStart
{
    private const string KeyFile = "greenfield-key";
    private const string ShopKeyFile = "greenfield-shop-key";
    private const string Label = "Made at the first start";

    /// <summary>
    /// What plugins of shops ask for. BTCPay's plugin for WooCommerce compares the list: it refuses a key that lacks one of the first four, that may do
    /// anything beyond the six, or that is not for one store. So a key that may do everything cannot be listed in a way that is true and that it takes.
    /// </summary>
    private static readonly string[] s_shopPolicies =
    [
        Policies.CanViewInvoices, Policies.CanCreateInvoice, Policies.CanViewStoreSettings, Policies.CanModifyInvoices,
        Policies.CanCreateNonApprovedPullPayments, Policies.CanModifyWebhooks,
    ];

    /// <summary>The secret of the key that may do everything.</summary>
    public static Task<string> EnsureKeyAsync(IDatabase database, ObjectIds ids, TimeProvider clock, string dataFolder, CancellationToken cancellationToken) =>
        EnsureAsync(database, ids, clock, Path.Combine(dataFolder, KeyFile), Label, Everything, cancellationToken);

    /// <summary>The secret of a key of one store with what plugins of shops ask for, and no more.</summary>
    public static Task<string> EnsureShopKeyAsync(IDatabase database, ObjectIds ids, TimeProvider clock, string dataFolder, string storeId, CancellationToken cancellationToken) =>
        EnsureAsync(
            database,
            ids,
            clock,
            Path.Combine(dataFolder, ShopKeyFile),
            Label + ", for a shop's plugin",
            [.. s_shopPolicies.Select(policy => new GrantedPolicy(policy, storeId))],
            cancellationToken);

    private static ImmutableArray<GrantedPolicy> Everything => [new GrantedPolicy(Policies.Unrestricted, null)];

    // It lies in a file that only the server's user reads; a file that is lost or foreign is replaced by a new key.
    private static async Task<string> EnsureAsync(
        IDatabase database, ObjectIds ids, TimeProvider clock, string path, string label, ImmutableArray<GrantedPolicy> permissions, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            var known = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            if (await database.ReadAsync((transaction, token) => GreenfieldKeyStore.FindAsync(transaction, known, token), cancellationToken) is not null)
                return known;
        }

        var secret = await database.WriteAsync((transaction, token) => IssueAsync(transaction, ids, clock, label, permissions, token), cancellationToken);
        await PaymentStart.WritePrivateAsync(path, secret, cancellationToken);
        return secret;
    }

    /// <summary>The secret of a live key that is made where the operator never had one: it moves real money, so it is told once and lies nowhere.</summary>
    public static async Task<string?> EnsureLiveKeyAsync(IDatabase database, ObjectIds ids, TimeProvider clock, CancellationToken cancellationToken) =>
        await database.WriteAsync<string?>(
            async (transaction, token) => await GreenfieldKeyStore.HadAnyAsync(transaction, GreenfieldUser.OperatorId, token) ? null : await IssueAsync(transaction, ids, clock, Label, Everything, token),
            cancellationToken);

    private static async ValueTask<string> IssueAsync(
        ISqlTransaction transaction, ObjectIds ids, TimeProvider clock, string label, ImmutableArray<GrantedPolicy> permissions, CancellationToken cancellationToken) =>
        (await new GreenfieldKeyStore(ids, clock).IssueAsync(transaction, GreenfieldUser.OperatorId, label, null, permissions, cancellationToken)).Secret;
}
