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

    private const string Columns = """
        SELECT k.id, k.store_id, k.is_live, k.created_at, g.kind, g.name, g.grants, g.spending, g.expires_at
        FROM api_keys k LEFT JOIN api_key_grants g ON g.key_id = k.id
        """;

    /// <summary>Issues a secret key for a store; the secret is shown now and never again.</summary>
    public ValueTask<IssuedApiKey> IssueAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken) =>
        IssueAsync(transaction, new KeyOrder { StoreId = storeId, IsLive = isLive }, cancellationToken);

    /// <summary>Issues a key; the secret is shown now and never again.</summary>
    public async ValueTask<IssuedApiKey> IssueAsync(ISqlTransaction transaction, KeyOrder order, CancellationToken cancellationToken)
    {
        var key = new ApiKey(ids.Next("key"), order.StoreId, order.IsLive)
        {
            Kind = order.Kind,
            Name = order.Name,
            Grants = order.Grants,
            SpendingPerDay = order.SpendingPerDay,
            CreatedAt = time.GetUtcNow(),
        };
        var prefix = order.Kind switch { KeyKind.Restricted => "rk", KeyKind.Publishable => "pk", _ => "sk" };
        var secret = $"{prefix}_{(order.IsLive ? "live" : "test")}_{ids.Random(SecretLength)}";
        await transaction.ExecuteOneAsync(
            "INSERT INTO api_keys (id, store_id, is_live, secret_sha256, created_at) VALUES (@id, @store, @live, @hash, @at)",
            new SqlArguments { { "id", key.Id }, { "store", key.StoreId }, { "live", key.IsLive }, { "hash", Hash(secret) }, { "at", key.CreatedAt } },
            cancellationToken);
        await transaction.ExecuteOneAsync(
            "INSERT INTO api_key_grants (key_id, kind, name, grants, spending) VALUES (@id, @kind, @name, @grants, @spending)",
            new SqlArguments { { "id", key.Id }, { "kind", key.Kind.ToString() }, { "name", key.Name }, { "grants", GrantCodec.Write(key.Grants) }, { "spending", GrantCodec.Write(key.SpendingPerDay) } },
            cancellationToken);
        return new IssuedApiKey(key, secret);
    }

    /// <summary>The key of a secret at a time; null for one that was not issued, or has been revoked, or has ended.</summary>
    public static async ValueTask<ApiKey?> FindAsync(ISqlTransaction transaction, string secret, CancellationToken cancellationToken) =>
        secret.Length > SecretTextMax
            ? null
            : await transaction.FirstOrDefaultAsync(
                Columns + " WHERE k.secret_sha256 = @hash AND k.revoked_at IS NULL", new SqlArguments { { "hash", Hash(secret) } }, Read, cancellationToken);

    /// <summary>Is there a key for real money?</summary>
    public static async ValueTask<bool> IsAnyLiveAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM api_keys WHERE is_live = 1 AND revoked_at IS NULL", SqlArguments.None, static row => row.Integer(0), cancellationToken) > 0;

    /// <summary>The keys of a store that are not revoked, the newest first.</summary>
    public static ValueTask<List<ApiKey>> ListAsync(ISqlTransaction transaction, string storeId, bool isLive, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            Columns + " WHERE k.store_id = @store AND k.is_live = @live AND k.revoked_at IS NULL ORDER BY k.created_at DESC, k.id DESC LIMIT @limit",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } },
            Read,
            cancellationToken);

    /// <summary>A key of a store by its name; null where there is none, or it is revoked.</summary>
    public static ValueTask<ApiKey?> FindByIdAsync(ISqlTransaction transaction, string storeId, bool isLive, string keyId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            Columns + " WHERE k.id = @id AND k.store_id = @store AND k.is_live = @live AND k.revoked_at IS NULL",
            new SqlArguments { { "id", keyId }, { "store", storeId }, { "live", isLive } },
            Read,
            cancellationToken);

    /// <summary>Issues another key with the same rights, and ends this one at a time: both work until then.</summary>
    public async ValueTask<IssuedApiKey> RollAsync(ISqlTransaction transaction, ApiKey key, DateTimeOffset endsAt, CancellationToken cancellationToken)
    {
        var order = new KeyOrder { StoreId = key.StoreId, IsLive = key.IsLive, Kind = key.Kind, Name = key.Name, Grants = key.Grants, SpendingPerDay = key.SpendingPerDay };
        var issued = await IssueAsync(transaction, order, cancellationToken);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO api_key_grants (key_id, kind, name, grants, spending, expires_at) VALUES (@id, @kind, @name, @grants, @spending, @at)
            ON CONFLICT (key_id) DO UPDATE SET expires_at = @at
            """,
            new SqlArguments
            {
                { "id", key.Id },
                { "kind", key.Kind.ToString() },
                { "name", key.Name },
                { "grants", GrantCodec.Write(key.Grants) },
                { "spending", GrantCodec.Write(key.SpendingPerDay) },
                { "at", endsAt },
            },
            cancellationToken);
        return issued;
    }

    /// <summary>Ends a key; false where there is none of that name.</summary>
    public async ValueTask<bool> RevokeAsync(ISqlTransaction transaction, string keyId, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE api_keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL", new SqlArguments { { "at", time.GetUtcNow() }, { "id", keyId } }, cancellationToken) == 1;

    // Keys from before there were grants are secret keys.
    private static ApiKey Read(SqlRow row) => new(row.Text(0), row.Text(1), row.Flag(2))
    {
        CreatedAt = row.Time(3),
        Kind = row.TextOrNull(4) is { } kind ? Enum.Parse<KeyKind>(kind) : KeyKind.Secret,
        Name = row.TextOrNull(5),
        Grants = GrantCodec.ReadGrants(row.TextOrNull(6) ?? ""),
        SpendingPerDay = GrantCodec.ReadLimits(row.TextOrNull(7) ?? ""),
        ExpiresAt = row.TimeOrNull(8),
    };

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
