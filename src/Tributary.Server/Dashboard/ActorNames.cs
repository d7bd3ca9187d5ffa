using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Who asked and who agreed, in words: a member's address, a key's name.</summary>
public sealed class ActorNames
{
    private const string KeyPrefix = "key:";
    private readonly Dictionary<string, string> _names;

    private ActorNames(Dictionary<string, string> names) => _names = names;

    /// <summary>The name of an actor that was read; its identifier where nobody has it any more.</summary>
    public string this[string? actor] => actor is null ? "–" : _names.GetValueOrDefault(actor, actor);

    internal static async ValueTask<ActorNames> ReadAsync(TeamDirectory team, ISqlTransaction transaction, IEnumerable<string?> actors, CancellationToken cancellationToken)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { ["system"] = "The server" };
        foreach (var actor in actors.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (names.ContainsKey(actor))
                continue;
            if (actor.StartsWith(KeyPrefix, StringComparison.Ordinal))
            {
                var key = actor[KeyPrefix.Length..];
                var name = await FindAsync(transaction, "SELECT name FROM api_key_grants WHERE key_id = @id", key, cancellationToken);
                names[actor] = "Key " + (name is { Length: > 0 } ? name : key);
            }
            else
            {
                names[actor] = (await team.FindAsync(transaction, actor, cancellationToken))?.Email ?? $"A former member ({actor})";
            }
        }

        return new ActorNames(names);
    }

    private static ValueTask<string?> FindAsync(ISqlTransaction transaction, string query, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(query, new SqlArguments { { "id", id } }, static row => row.TextOrNull(0), cancellationToken);
}
