using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>
/// Issues and recognises keys of this dialect, kept by their hash: 40 characters of 62 are 238 bits, which nobody tries out. A live key begins with
/// <c>live_</c>, by which a request finds its half.
/// </summary>
internal sealed class GreenfieldKeyStore(ObjectIds ids, TimeProvider clock)
{
    private const int SecretLength = 40;
    private const int SecretTextMax = 128;
    private const string Columns = "SELECT id, user_id, label, application, permissions, created_at FROM greenfield_keys";

    /// <summary>Issues a key; the secret is shown now and never again.</summary>
    public async ValueTask<(GreenfieldKey Key, string Secret)> IssueAsync(
        ISqlTransaction transaction, string userId, string? label, string? application, ImmutableArray<GrantedPolicy> permissions, CancellationToken cancellationToken)
    {
        var key = new GreenfieldKey(ids.Next("gfk"), userId, label, application, permissions, clock.GetUtcNow());
        var secret = ids.Token(SecretLength);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO greenfield_keys (id, secret_sha256, user_id, label, application, permissions, created_at)
            VALUES (@id, @hash, @user, @label, @application, @permissions, @at)
            """,
            new SqlArguments
            {
                { "id", key.Id },
                { "hash", Hash(secret) },
                { "user", userId },
                { "label", label },
                { "application", application },
                { "permissions", string.Join(' ', permissions) },
                { "at", key.CreatedAt },
            },
            cancellationToken);
        return (key, secret);
    }

    /// <summary>The key of a secret; null for one that was not issued, or has been revoked.</summary>
    public static async ValueTask<GreenfieldKey?> FindAsync(ISqlTransaction transaction, string secret, CancellationToken cancellationToken) =>
        secret.Length > SecretTextMax
            ? null
            : await transaction.FirstOrDefaultAsync(
                Columns + " WHERE secret_sha256 = @hash AND revoked_at IS NULL", new SqlArguments { { "hash", Hash(secret) } }, Read, cancellationToken);

    /// <summary>The keys of a user that work, the newest first.</summary>
    public static ValueTask<List<GreenfieldKey>> ListAsync(ISqlTransaction transaction, string userId, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            Columns + " WHERE user_id = @user AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT @limit",
            new SqlArguments { { "user", userId }, { "limit", limit } },
            Read,
            cancellationToken);

    /// <summary>Has a user, or had, a key?</summary>
    public static async ValueTask<bool> HadAnyAsync(ISqlTransaction transaction, string userId, CancellationToken cancellationToken) =>
        await transaction.QueryAsync("SELECT 1 FROM greenfield_keys WHERE user_id = @user LIMIT 1", new SqlArguments { { "user", userId } }, static row => row.Integer(0), cancellationToken) is not [];

    /// <summary>Ends a key of a user; false where the user has none of that name.</summary>
    public async ValueTask<bool> RevokeAsync(ISqlTransaction transaction, string userId, string keyId, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE greenfield_keys SET revoked_at = @at WHERE id = @id AND user_id = @user AND revoked_at IS NULL",
            new SqlArguments { { "at", clock.GetUtcNow() }, { "id", keyId }, { "user", userId } },
            cancellationToken) == 1;

    private static GreenfieldKey Read(SqlRow row) => new(
        row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3), ReadPermissions(row.Text(4)), row.Time(5));

    // A policy that this build does not know any more grants nothing.
    private static ImmutableArray<GrantedPolicy> ReadPermissions(string text)
    {
        var granted = ImmutableArray.CreateBuilder<GrantedPolicy>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (GrantedPolicy.TryParse(word, out var policy))
                granted.Add(policy);
        }

        return granted.ToImmutable();
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
