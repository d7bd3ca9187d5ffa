using Microsoft.AspNetCore.Identity;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>Passkeys as rows. They hold public keys only.</summary>
internal static class PasskeyRows
{
    private const int PasskeysMax = 20;

    public static async ValueTask PutAsync(ISqlTransaction transaction, string memberId, UserPasskeyInfo passkey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments
        {
            { "id", Convert.ToHexStringLower(passkey.CredentialId) },
            { "member", memberId },
            { "name", passkey.Name },
            { "at", now },
            { "count", passkey.SignCount },
            { "transports", string.Join(' ', passkey.Transports ?? []) },
            { "verified", passkey.IsUserVerified },
            { "eligible", passkey.IsBackupEligible },
            { "backed", passkey.IsBackedUp },
            { "key", passkey.PublicKey },
            { "attestation", passkey.AttestationObject },
            { "data", passkey.ClientDataJson },
        };
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO passkeys (credential_id, member_id, name, created_at, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up, public_key,
              attestation, client_data)
            VALUES (@id, @member, @name, @at, @count, @transports, @verified, @eligible, @backed, @key, @attestation, @data)
            ON CONFLICT (credential_id) DO UPDATE SET name = excluded.name, sign_count = excluded.sign_count, is_user_verified = excluded.is_user_verified,
              is_backed_up = excluded.is_backed_up
            WHERE passkeys.member_id = excluded.member_id
            """,
            arguments,
            cancellationToken);
    }

    public static async ValueTask<IList<UserPasskeyInfo>> ListAsync(ISqlTransaction transaction, string memberId, CancellationToken cancellationToken) =>
        await transaction.QueryAsync(
            """
            SELECT credential_id, public_key, created_at, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up, attestation, client_data, name
            FROM passkeys WHERE member_id = @member ORDER BY created_at LIMIT @limit
            """,
            new SqlArguments { { "member", memberId }, { "limit", PasskeysMax } },
            static row => new UserPasskeyInfo(
                Convert.FromHexString(row.Text(0)),
                row.Bytes(1),
                row.Time(2),
                checked((uint)row.Integer(3)),
                row.Text(4).Length == 0 ? null : row.Text(4).Split(' '),
                row.Flag(5),
                row.Flag(6),
                row.Flag(7),
                row.Bytes(8),
                row.Bytes(9))
            {
                Name = row.TextOrNull(10),
            },
            cancellationToken);

    public static ValueTask<string?> FindMemberAsync(ISqlTransaction transaction, byte[] credentialId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT member_id FROM passkeys WHERE credential_id = @id", new SqlArguments { { "id", Convert.ToHexStringLower(credentialId) } }, static row => row.Text(0), cancellationToken);

    public static async ValueTask<bool> RemoveAsync(ISqlTransaction transaction, string memberId, byte[] credentialId, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "DELETE FROM passkeys WHERE credential_id = @id AND member_id = @member",
            new SqlArguments { { "id", Convert.ToHexStringLower(credentialId) }, { "member", memberId } },
            cancellationToken) == 1;
}
