using Tributary.Payments.Identifiers;
using Tributary.Server.Payments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>The operator's key of a fresh folder, for those who start the server on a chain without real money.</summary>
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

        var keys = new GreenfieldKeyStore(ids, clock);
        var (_, secret) = await database.WriteAsync(
            (transaction, token) => keys.IssueAsync(
                transaction, GreenfieldUser.OperatorId, "Made at the first start", null, [new GrantedPolicy(Policies.Unrestricted, null)], token),
            cancellationToken);
        await PaymentStart.WritePrivateAsync(path, secret, cancellationToken);
        return secret;
    }
}
