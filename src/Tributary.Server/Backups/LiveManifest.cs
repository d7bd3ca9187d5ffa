namespace Tributary.Server.Backups;

/// <summary>The live half of a server in a backup: its files stand below <c>live/</c>.</summary>
/// <param name="InstallationId">Which folder it is of.</param>
/// <param name="Database">"sqlite" or "postgres"; the latter's tables are not in it.</param>
public sealed record LiveManifest(string InstallationId, string Database);
