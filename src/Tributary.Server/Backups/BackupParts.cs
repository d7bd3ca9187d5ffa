using Tributary.Lightning.Node.Hosting;

namespace Tributary.Server.Backups;

/// <summary>What of a data folder goes into a backup.</summary>
internal static class BackupParts
{
    /// <summary>Where the node of a data folder is.</summary>
    public const string NodeFolder = "node";

    /// <summary>
    /// Logs, copied whole beside the server. The channels' log alone keeps the mark of a copy: the node that opens it publishes none of its
    /// commitments. The others are followed up from the chain, or are a journal that goes on.
    /// </summary>
    public static readonly IReadOnlyList<(string Path, bool KeepsMark)> Logs =
    [
        (Path.GetRelativePath("/", HostedNode.WalletFolderOf("/node")), false),
        (Path.GetRelativePath("/", HostedNode.ChannelFolderOf("/node")), true),
        ("watched-wallet", false),
        ("risk/journal", false),
        ("risk/features", false),
        ("regtest.chain", false),
    ];

    /// <summary>Files that are replaced as a whole when they change, and folders of such files. What a restart makes anew (gossip, the demo wallet) is left out.</summary>
    public static readonly IReadOnlyList<string> Files =
        ["installation.json", "seal-key", "test-secret-key", "greenfield-key", "greenfield-shop-key", "cookie-keys", "risk/policy.txt", "risk/fraud.model", "risk/master-key", "risk/keys"];

    /// <summary>Names within folders that belong to the process that runs.</summary>
    public static bool IsOfProcess(string name) => name is "lock" or "lock.holder" or "lease" || name.EndsWith(".new", StringComparison.Ordinal);
}
