namespace Tributary.Server.Data;

/// <summary>What a folder remembers of its database.</summary>
/// <param name="Id">The name that both carry.</param>
/// <param name="Database">"sqlite" or "postgres".</param>
internal sealed record InstallationNote(string Id, string Database)
{
    /// <summary>The network that its addresses and channels are of; null in a folder of a version that did not note it.</summary>
    public string? Network { get; init; }

    /// <summary>Block 1 of the bitcoind's chain that it was used with, in hex; null with the embedded chain, and until one was seen.</summary>
    public string? FirstBlock { get; init; }
}
