using System.Security.Cryptography;
using System.Text;
using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Access;

/// <summary>
/// Issues and recognises keys. A key has 190 random bits, so a plain hash is enough to keep: nobody can try them all, and looking a hash up tells
/// nothing about the key.
/// </summary>
public sealed class ApiKeyStore(ObjectIds ids, TimeProvider time)
{
    private const int SecretLength = 32;
    private const int SecretTextMax = 128;

    /// <summary>Issues a key for a store; the secret is shown now and never again.</summary>
    public async ValueTask<IssuedApiKey> IssueAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken)
    {
        var key = new ApiKey(ids.Next("key"), storeId, isLive);
        var secret = (isLive ? "sk_live_" : "sk_test_") + ids.Random(SecretLength);
        await transaction.ExecuteOneAsync(
            "INSERT INTO api_keys (id, store_id, is_live, secret_sha256, created_at) VALUES (@id, @store, @live, @hash, @at)",
            new SqlArguments { { "id", key.Id }, { "store", storeId }, { "live", isLive }, { "hash", Hash(secret) }, { "at", time.GetUtcNow() } },
            cancellationToken);
        return new IssuedApiKey(key, secret);
    }

    /// <summary>The key of a secret; null for one that was not issued or has been revoked.</summary>
    public static async ValueTask<ApiKey?> FindAsync(ISqlTransaction transaction, string secret, CancellationToken cancellationToken) =>
        secret.Length > SecretTextMax
            ? null
            : await transaction.FirstOrDefaultAsync(
                "SELECT id, store_id, is_live FROM api_keys WHERE secret_sha256 = @hash AND revoked_at IS NULL",
                new SqlArguments { { "hash", Hash(secret) } },
                static row => new ApiKey(row.Text(0), row.Text(1), row.Flag(2)),
                cancellationToken);

    /// <summary>Ends a key; false where there is none of that name.</summary>
    public async ValueTask<bool> RevokeAsync(ISqlTransaction transaction, string keyId, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE api_keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL", new SqlArguments { { "at", time.GetUtcNow() }, { "id", keyId } }, cancellationToken) == 1;

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
