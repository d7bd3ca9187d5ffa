using System.Security.Cryptography;
using System.Text;
using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>Invitations by their tokens, which are known here by their hash and work once.</summary>
internal sealed class Invitations(ObjectIds ids, TimeProvider clock)
{
    private const int TokenLength = 40;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(7);

    /// <summary>Makes an invitation; its token is told now and never again.</summary>
    public async ValueTask<string> IssueAsync(ISqlTransaction transaction, Invitation invitation, string? invitedBy, CancellationToken cancellationToken)
    {
        var secret = ids.Random(TokenLength);
        var now = clock.GetUtcNow();
        await transaction.ExecuteOneAsync(
            "INSERT INTO invitations (token_sha256, store_id, email, role, invited_by, created_at, expires_at) VALUES (@token, @store, @email, @role, @by, @now, @expires)",
            new SqlArguments
            {
                { "token", Hash(secret) },
                { "store", invitation.StoreId },
                { "email", invitation.Email },
                { "role", invitation.Role.ToString() },
                { "by", invitedBy },
                { "now", now },
                { "expires", now + s_lifetime },
            },
            cancellationToken);
        return secret;
    }

    /// <summary>
    /// The invitation of the first owner of a server that has no member yet; null once there is one. Those of earlier starts stop working.
    /// </summary>
    public async ValueTask<string?> IssueFirstAsync(ISqlTransaction transaction, string storeId, CancellationToken cancellationToken)
    {
        if (await MemberRows.AnyAsync(transaction, cancellationToken))
            return null;
        await transaction.ExecuteAsync("DELETE FROM invitations WHERE invited_by IS NULL", SqlArguments.None, cancellationToken);
        return await IssueAsync(transaction, new Invitation(storeId, null, MemberRole.Owner), null, cancellationToken);
    }

    /// <summary>The invitation of a token; null for one that is wrong, used or too old.</summary>
    public ValueTask<Invitation?> FindAsync(ISqlTransaction transaction, string secret, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT store_id, email, role FROM invitations WHERE token_sha256 = @token AND used_at IS NULL AND expires_at > @now",
            new SqlArguments { { "token", Hash(secret) }, { "now", clock.GetUtcNow() } },
            static row => new Invitation(row.Text(0), row.TextOrNull(1), Enum.Parse<MemberRole>(row.Text(2))),
            cancellationToken);

    /// <summary>Uses an invitation up; false where somebody did before.</summary>
    public async ValueTask<bool> UseAsync(ISqlTransaction transaction, string secret, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE invitations SET used_at = @now WHERE token_sha256 = @token AND used_at IS NULL AND expires_at > @now",
            new SqlArguments { { "token", Hash(secret) }, { "now", clock.GetUtcNow() } },
            cancellationToken) == 1;

    /// <summary>Invitations to a store that can still be used, the newest first. Their names open nothing.</summary>
    public ValueTask<List<PendingInvitation>> ListAsync(ISqlTransaction transaction, string storeId, CancellationToken cancellationToken) => transaction.QueryAsync(
        """
        SELECT token_sha256, email, role, invited_by, expires_at FROM invitations
        WHERE store_id = @store AND used_at IS NULL AND expires_at > @now AND email IS NOT NULL ORDER BY created_at DESC LIMIT 200
        """,
        new SqlArguments { { "store", storeId }, { "now", clock.GetUtcNow() } },
        static row => new PendingInvitation(row.Text(0), row.Text(1), Enum.Parse<MemberRole>(row.Text(2)), row.TextOrNull(3), row.Time(4)),
        cancellationToken);

    /// <summary>Takes an invitation back; false where there is none, or it was used.</summary>
    public static async ValueTask<bool> RevokeAsync(ISqlTransaction transaction, string storeId, string name, CancellationToken cancellationToken) => await transaction.ExecuteAsync(
        "DELETE FROM invitations WHERE token_sha256 = @token AND store_id = @store AND used_at IS NULL AND email IS NOT NULL",
        new SqlArguments { { "token", name }, { "store", storeId } },
        cancellationToken) == 1;

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
