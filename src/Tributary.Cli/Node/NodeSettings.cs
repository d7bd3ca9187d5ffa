using System.Net;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;

namespace Tributary.Cli.Node;

/// <summary>What <c>node start</c> was asked for.</summary>
/// <param name="Network">The Bitcoin network.</param>
/// <param name="DataFolder">Everything that must survive.</param>
internal sealed record NodeSettings(BitcoinNetwork Network, string DataFolder)
{
    /// <summary>A second folder for every commit; null for none.</summary>
    public string? ReplicaFolder { get; init; }

    /// <summary>The operator says that the folder was moved, and that the original never ran again.</summary>
    public bool IsMoved { get; init; }

    /// <summary>RPC address; null for the embedded chain.</summary>
    public Uri? Bitcoind { get; init; }

    public string? CookieFile { get; init; }

    public IPEndPoint? Listen { get; init; }

    public string Alias { get; init; } = "";

    public List<PublicKey> TrustedPeers { get; } = [];
}
