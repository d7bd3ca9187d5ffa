namespace Tributary.Storage.Postgres;

/// <summary>How a server holds a database for itself.</summary>
/// <param name="Holder">Who takes it, in words that a second server is refused with.</param>
public sealed record PostgresLeaseOptions(string Holder)
{
    /// <summary>How often the holder shows PostgreSQL that it lives.</summary>
    public TimeSpan BeatEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so long without a sign of life a successor may take over. PostgreSQL's clock measures it.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(10);
}
