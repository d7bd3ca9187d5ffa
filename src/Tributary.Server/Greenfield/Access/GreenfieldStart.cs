using Tributary.Payments.Identifiers;
using Tributary.Server.Payments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>The operator's first key of a fresh folder.</summary>
internal static class GreenfieldStart
{
    private const string KeyFile = "greenfield-key";

    /// <summary>The key's secret. It lies in a file that only the server's user reads; a file that is lost or foreign is replaced by a new key.</summary>
    public static async Task<string> EnsureKeyAsync(IDatabase database, ObjectIds ids, TimeProvider clock, string dataFolder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(dataFolder, KeyFile);
        if (File.Exists(path))
        {
            var known = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            if (await database.ReadAsync((transaction, token) => GreenfieldKeyStore.FindAsync(transaction, known, token), cancellationToken) is not null)
                return known;
        }

        var secret = await database.WriteAsync((transaction, token) => IssueAsync(transaction, ids, clock, token), cancellationToken);
        await PaymentStart.WritePrivateAsync(path, secret, cancellationToken);
        return secret;
    }

    /// <summary>The secret of a live key that is made where the operator never had one: it moves real money, so it is told once and lies nowhere.</summary>
    public static async Task<string?> EnsureLiveKeyAsync(IDatabase database, ObjectIds ids, TimeProvider clock, CancellationToken cancellationToken) =>
        await database.WriteAsync<string?>(
            async (transaction, token) => await GreenfieldKeyStore.HadAnyAsync(transaction, GreenfieldUser.OperatorId, token) ? null : await IssueAsync(transaction, ids, clock, token),
            cancellationToken);

    private static async ValueTask<string> IssueAsync(ISqlTransaction transaction, ObjectIds ids, TimeProvider clock, CancellationToken cancellationToken) =>
        (await new GreenfieldKeyStore(ids, clock).IssueAsync(
            transaction, GreenfieldUser.OperatorId, "Made at the first start", null, [new GrantedPolicy(Policies.Unrestricted, null)], cancellationToken)).Secret;
}
