using Tributary.Bitcoin.Networks;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>Where a bitcoind is and how patient to be with it.</summary>
/// <param name="RpcAddress">Its RPC server: <c>http://127.0.0.1:8332/</c>.</param>
/// <param name="Credentials">Who we are to it.</param>
/// <param name="Network">The network that it has to follow.</param>
public sealed record BitcoindOptions(Uri RpcAddress, BitcoindCredentials Credentials, BitcoinNetwork Network)
{
    /// <summary>How often a call is tried.</summary>
    public RetryBounds Retries { get; init; } = RetryBounds.Default;

    /// <summary>The longest that one attempt of a call may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stream waits for a node that is away before it gives up.</summary>
    public TimeSpan OutageMax { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the node is asked for its tip where it notifies of nothing.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the node is asked for its tip while notifications by ZMQ arrive.</summary>
    public TimeSpan NotifiedPollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Where notifications come from, as <c>tcp://host:port</c>, when it is not what the node itself says (<c>getzmqnotifications</c>):
    /// behind a forwarded port, for one. <see cref="NoNotifications"/> turns them off.
    /// </summary>
    public string? NotificationAddress { get; init; }

    /// <summary>How many blocks a search for the spender of an output may read from a node without an index.</summary>
    public int OutspendBlocksMax { get; init; } = 20_000;

    /// <summary>For <see cref="NotificationAddress"/>: poll only.</summary>
    public const string NoNotifications = "";
}
