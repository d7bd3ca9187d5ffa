using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>Finds members of the team, which is the server's and stands in the test half's database.</summary>
/// <param name="rows">The members.</param>
/// <param name="team">The test half's database, for the live half; null within the test half, where the asker's own transaction finds them.</param>
internal sealed class TeamDirectory(MemberRows rows, IDatabase? team)
{
    /// <summary>The directory of the half that serves a request.</summary>
    public static TeamDirectory Of(HttpContext context) => context.RequestServices.GetRequiredService<TeamDirectory>();

    /// <summary>A member by name; null for one that is gone.</summary>
    public ValueTask<Member?> FindAsync(ISqlTransaction transaction, string id, CancellationToken cancellationToken) => team is null
        ? rows.FindAsync(transaction, id, cancellationToken)
        : team.ReadAsync((other, token) => rows.FindAsync(other, id, token), cancellationToken);

    /// <summary>A member by the address that they sign in with, in capitals.</summary>
    public ValueTask<Member?> FindByEmailAsync(ISqlTransaction transaction, string normalizedEmail, CancellationToken cancellationToken) => team is null
        ? rows.FindByEmailAsync(transaction, normalizedEmail, cancellationToken)
        : team.ReadAsync((other, token) => rows.FindByEmailAsync(other, normalizedEmail, token), cancellationToken);
}
