using System.Security.Cryptography;
using System.Text;
using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>Ways back in for members who lost their password: links that work once, for an hour, and are known here by their hash.</summary>
internal sealed class PasswordResets(ObjectIds ids, TimeProvider clock)
{
    private const int TokenLength = 40;
    private const int PerHourMax = 3;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    /// <summary>Makes a link's secret; null where this member has had enough of them for now.</summary>
    public async ValueTask<string?> IssueAsync(ISqlTransaction transaction, string memberId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await ForgetAsync(transaction, cancellationToken);
        var open = await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM password_resets WHERE member_id = @member", new SqlArguments { { "member", memberId } }, static row => row.Integer(0), cancellationToken);
        if (open >= PerHourMax)
            return null;
        var secret = ids.Random(TokenLength);
        await transaction.ExecuteOneAsync(
            "INSERT INTO password_resets (token_sha256, member_id, created_at, expires_at) VALUES (@token, @member, @now, @expires)",
            new SqlArguments { { "token", Hash(secret) }, { "member", memberId }, { "now", now }, { "expires", now + s_lifetime } },
            cancellationToken);
        return secret;
    }

    /// <summary>Whose link it is; null for one that is wrong, used or too old.</summary>
    public ValueTask<string?> FindAsync(ISqlTransaction transaction, string secret, CancellationToken cancellationToken) => transaction.FirstOrDefaultAsync(
        "SELECT member_id FROM password_resets WHERE token_sha256 = @token AND used_at IS NULL AND expires_at > @now",
        new SqlArguments { { "token", Hash(secret) }, { "now", clock.GetUtcNow() } },
        static row => row.Text(0),
        cancellationToken);

    /// <summary>Uses a link up, and with it all others of the member; false where somebody did before.</summary>
    public async ValueTask<bool> UseAsync(ISqlTransaction transaction, string secret, string memberId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isUsed = await transaction.ExecuteAsync(
            "UPDATE password_resets SET used_at = @now WHERE token_sha256 = @token AND used_at IS NULL AND expires_at > @now",
            new SqlArguments { { "token", Hash(secret) }, { "now", now } },
            cancellationToken) == 1;
        if (isUsed)
        {
            await transaction.ExecuteAsync(
                "UPDATE password_resets SET used_at = @now WHERE member_id = @member AND used_at IS NULL", new SqlArguments { { "now", now }, { "member", memberId } }, cancellationToken);
        }

        return isUsed;
    }

    /// <summary>Forgets links that are too old to matter.</summary>
    public ValueTask<int> ForgetAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("DELETE FROM password_resets WHERE expires_at <= @now", new SqlArguments { { "now", clock.GetUtcNow() } }, cancellationToken);

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
