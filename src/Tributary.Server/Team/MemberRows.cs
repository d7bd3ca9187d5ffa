using System.Security.Cryptography;
using Tributary.Payments.Access;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>Members as rows.</summary>
internal sealed class MemberRows(SecretBox box)
{
    private const string Columns = """
        SELECT id, store_id, email, normalized_email, role, password_hash, security_stamp, two_factor, authenticator_key, recovery_codes, failed_sign_ins,
          locked_until, created_at, version, totp_step FROM members
        """;

    public ValueTask<Member?> FindAsync(ISqlTransaction transaction, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(Columns + " WHERE id = @id", new SqlArguments { { "id", id } }, Read, cancellationToken);

    public ValueTask<Member?> FindByEmailAsync(ISqlTransaction transaction, string normalizedEmail, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(Columns + " WHERE normalized_email = @email", new SqlArguments { { "email", normalizedEmail } }, Read, cancellationToken);

    public ValueTask<List<Member>> ListAsync(ISqlTransaction transaction, string storeId, CancellationToken cancellationToken) =>
        transaction.QueryAsync(Columns + " WHERE store_id = @store ORDER BY created_at, id LIMIT 1000", new SqlArguments { { "store", storeId } }, Read, cancellationToken);

    public static async ValueTask<bool> AnyAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.QueryAsync("SELECT 1 FROM members LIMIT 1", SqlArguments.None, static row => row.Integer(0), cancellationToken) is not [];

    public ValueTask InsertAsync(ISqlTransaction transaction, Member member, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        """
        INSERT INTO members (id, store_id, email, normalized_email, role, password_hash, security_stamp, two_factor, authenticator_key, recovery_codes,
          failed_sign_ins, locked_until, created_at, version, totp_step)
        VALUES (@id, @store, @email, @normalized, @role, @hash, @stamp, @two, @key, @codes, @failed, @locked, @created, 1, @step)
        """,
        Arguments(member),
        cancellationToken);

    /// <summary>Writes a change; false where another one came first.</summary>
    public async ValueTask<bool> UpdateAsync(ISqlTransaction transaction, Member member, CancellationToken cancellationToken)
    {
        var arguments = Arguments(member);
        arguments.Add("version", member.Version);
        var changed = await transaction.ExecuteAsync(
            """
            UPDATE members SET email = @email, normalized_email = @normalized, role = @role, password_hash = @hash, security_stamp = @stamp, two_factor = @two,
              authenticator_key = @key, recovery_codes = @codes, failed_sign_ins = @failed, locked_until = @locked, totp_step = @step,
              version = version + 1
            WHERE id = @id AND store_id = @store AND created_at = @created AND version = @version
            """,
            arguments,
            cancellationToken);
        return changed == 1;
    }

    /// <summary>Is this the only owner of the store? Asked in the transaction that would take them away, so that two who remove each other do not both succeed.</summary>
    public static async ValueTask<bool> IsLastOwnerAsync(ISqlTransaction transaction, Member member, CancellationToken cancellationToken) =>
        member.Role == MemberRole.Owner
        && await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM members WHERE store_id = @store AND role = @role",
            new SqlArguments { { "store", member.StoreId }, { "role", nameof(MemberRole.Owner) } },
            static row => row.Integer(0),
            cancellationToken) <= 1;

    public static async ValueTask DeleteAsync(ISqlTransaction transaction, string id, CancellationToken cancellationToken)
    {
        foreach (var table in (string[])["member_sessions", "passkeys", "password_resets"])
            await transaction.ExecuteAsync($"DELETE FROM {table} WHERE member_id = @id", new SqlArguments { { "id", id } }, cancellationToken);
        await transaction.ExecuteAsync("DELETE FROM members WHERE id = @id", new SqlArguments { { "id", id } }, cancellationToken);
    }

    private SqlArguments Arguments(Member member) => new()
    {
        { "id", member.Id },
        { "store", member.StoreId },
        { "email", member.Email },
        { "normalized", member.NormalizedEmail },
        { "role", member.Role.ToString() },
        { "hash", member.PasswordHash },
        { "stamp", member.SecurityStamp },
        { "two", member.IsTwoFactorEnabled },
        { "key", member.AuthenticatorKey is null ? null : box.Seal(member.AuthenticatorKey, Purpose(member.Id, "totp")) },
        { "codes", member.RecoveryCodes.IsEmpty ? null : box.Seal(string.Join(';', member.RecoveryCodes), Purpose(member.Id, "recovery")) },
        { "failed", member.FailedSignIns },
        { "locked", member.LockedUntil },
        { "step", member.LastTotpStep },
        { "created", member.CreatedAt },
    };

    private Member Read(SqlRow row)
    {
        var id = row.Text(0);
        return new Member
        {
            Id = id,
            StoreId = row.Text(1),
            Email = row.Text(2),
            NormalizedEmail = row.Text(3),
            Role = Enum.Parse<MemberRole>(row.Text(4)),
            PasswordHash = row.TextOrNull(5),
            SecurityStamp = row.Text(6),
            IsTwoFactorEnabled = row.Flag(7),
            AuthenticatorKey = Open(row.BytesOrNull(8), Purpose(id, "totp")),
            RecoveryCodes = [.. Open(row.BytesOrNull(9), Purpose(id, "recovery"))?.Split(';') ?? []],
            FailedSignIns = (int)row.Integer(10),
            LockedUntil = row.TimeOrNull(11),
            CreatedAt = row.Time(12),
            Version = row.Integer(13),
            LastTotpStep = row.IsNull(14) ? null : row.Integer(14),
        };
    }

    private string? Open(byte[]? sealedText, string purpose)
    {
        if (sealedText is null)
            return null;
        try
        {
            return box.Open(sealedText, purpose);
        }
        catch (CryptographicException)
        {
            // The seal's key was lost: nobody signs in with what it held, and nobody without it either, since the second factor stays on.
            return "";
        }
    }

    private static string Purpose(string memberId, string what) => $"{memberId}/{what}";
}
