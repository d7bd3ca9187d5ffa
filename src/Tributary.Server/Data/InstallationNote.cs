namespace Tributary.Server.Data;

/// <summary>What a folder remembers of its database.</summary>
/// <param name="Id">The name that both carry.</param>
/// <param name="Database">"sqlite" or "postgres".</param>
internal sealed record InstallationNote(string Id, string Database);
