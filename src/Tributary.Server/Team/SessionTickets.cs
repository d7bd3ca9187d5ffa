using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Tributary.Payments.Access;
using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>
/// Keeps what a signed-in browser may do on the server; the cookie holds a random key to it. A session that is deleted here is over at once. The
/// table knows keys by their hash and tickets sealed: who reads it signs in nowhere.
/// </summary>
internal sealed class SessionTickets(IDatabase database, ObjectIds ids, SecretBox box, TimeProvider clock) : ITicketStore
{
    /// <summary>The claim with a session's name.</summary>
    public const string SessionClaim = "tributary:session";

    private const string Purpose = "session";
    private const int AgentMax = 200;

    public Task<string> StoreAsync(AuthenticationTicket ticket) => StoreAsync(ticket, "", CancellationToken.None);

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        StoreAsync(ticket, httpContext.Request.Headers.UserAgent.ToString(), cancellationToken);

    public async Task RenewAsync(string key, AuthenticationTicket ticket) => await database.WriteAsync(
        async (transaction, token) => await transaction.ExecuteAsync(
            "UPDATE member_sessions SET ticket = @ticket, renewed_at = @now, expires_at = @expires WHERE key_sha256 = @key",
            new SqlArguments { { "ticket", Seal(ticket) }, { "now", clock.GetUtcNow() }, { "expires", ExpiryOf(ticket) }, { "key", Hash(key) } },
            token),
        CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var sealedTicket = await database.ReadAsync(
            (transaction, token) => transaction.FirstOrDefaultAsync(
                "SELECT ticket FROM member_sessions WHERE key_sha256 = @key AND expires_at > @now",
                new SqlArguments { { "key", Hash(key) }, { "now", clock.GetUtcNow() } },
                static row => row.Bytes(0),
                token),
            CancellationToken.None);
        if (sealedTicket is null)
            return null;
        try
        {
            return TicketSerializer.Default.Deserialize(Convert.FromBase64String(box.Open(sealedTicket, Purpose)));
        }
        catch (CryptographicException)
        {
            // The seal's key was lost: everyone signs in again.
            return null;
        }
    }

    public async Task RemoveAsync(string key) => await database.WriteAsync(
        async (transaction, token) => await transaction.ExecuteAsync("DELETE FROM member_sessions WHERE key_sha256 = @key", new SqlArguments { { "key", Hash(key) } }, token),
        CancellationToken.None);

    /// <summary>Where a member is signed in, the newest first.</summary>
    public async Task<List<MemberSession>> ListAsync(string memberId, CancellationToken cancellationToken) => await database.ReadAsync(
        (transaction, token) => transaction.QueryAsync(
            "SELECT id, agent, created_at, renewed_at FROM member_sessions WHERE member_id = @member AND expires_at > @now ORDER BY created_at DESC LIMIT 100",
            new SqlArguments { { "member", memberId }, { "now", clock.GetUtcNow() } },
            static row => new MemberSession(row.Text(0), row.Text(1), row.Time(2), row.Time(3)),
            token),
        cancellationToken);

    /// <summary>Ends a session of a member.</summary>
    public async Task RevokeAsync(string memberId, string sessionId, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) => await transaction.ExecuteAsync(
            "DELETE FROM member_sessions WHERE id = @id AND member_id = @member", new SqlArguments { { "id", sessionId }, { "member", memberId } }, token),
        cancellationToken);

    /// <summary>Ends the sessions of a member, in the transaction of what ends them.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="memberId">The member.</param>
    /// <param name="kept">The session that goes on; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static ValueTask<int> EndAllAsync(ISqlTransaction transaction, string memberId, string? kept, CancellationToken cancellationToken) => transaction.ExecuteAsync(
        "DELETE FROM member_sessions WHERE member_id = @member AND id <> @kept", new SqlArguments { { "member", memberId }, { "kept", kept ?? "" } }, cancellationToken);

    private async Task<string> StoreAsync(AuthenticationTicket ticket, string agent, CancellationToken cancellationToken)
    {
        var key = ids.Random(43);
        var id = ids.Next("sess");
        var member = ticket.Principal.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("A session of nobody.");
        (ticket.Principal.Identity as ClaimsIdentity)?.AddClaim(new Claim(SessionClaim, id));
        var now = clock.GetUtcNow();
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await transaction.ExecuteAsync("DELETE FROM member_sessions WHERE expires_at <= @now", new SqlArguments { { "now", now } }, token);
                await transaction.ExecuteOneAsync(
                    """
                    INSERT INTO member_sessions (key_sha256, id, member_id, created_at, renewed_at, expires_at, agent, ticket)
                    VALUES (@key, @id, @member, @now, @now, @expires, @agent, @ticket)
                    """,
                    new SqlArguments
                    {
                        { "key", Hash(key) },
                        { "id", id },
                        { "member", member },
                        { "now", now },
                        { "expires", ExpiryOf(ticket) },
                        { "agent", agent.Length <= AgentMax ? agent : agent[..AgentMax] },
                        { "ticket", Seal(ticket) },
                    },
                    token);
                return true;
            },
            cancellationToken);
        return key;
    }

    private DateTimeOffset ExpiryOf(AuthenticationTicket ticket) => ticket.Properties.ExpiresUtc ?? clock.GetUtcNow() + TimeSpan.FromHours(12);

    private byte[] Seal(AuthenticationTicket ticket) => box.Seal(Convert.ToBase64String(TicketSerializer.Default.Serialize(ticket)), Purpose);

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
