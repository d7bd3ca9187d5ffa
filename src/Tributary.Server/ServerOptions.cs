namespace Tributary.Server;

/// <summary>What an operator chooses at start.</summary>
/// <param name="Port">TCP port on the loopback address; 0 lets the system choose.</param>
/// <param name="DataFolder">Where everything that must survive a restart lies; created when it is missing.</param>
/// <param name="BitcoindUrl">A bitcoind's RPC address, or null for the embedded regtest chain.</param>
/// <param name="BitcoindCookieFile">bitcoind's cookie file, or null for user and password from the environment.</param>
/// <param name="BlockEvery">How often the embedded chain mines by itself, or null for on demand only.</param>
public sealed record ServerOptions(int Port, string DataFolder, Uri? BitcoindUrl = null, string? BitcoindCookieFile = null, TimeSpan? BlockEvery = null);
