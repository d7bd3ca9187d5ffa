using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets;

/// <summary>How a wallet behaves. Every bound has a default that a user of Bitcoin Core knows.</summary>
public sealed record WalletOptions
{
    public static WalletOptions Default { get; } = new();

    /// <summary>
    /// What spends may not touch: coins of this value stay, for fees of Lightning channels that must be closed. A request may say otherwise.
    /// </summary>
    public Satoshis Reserve { get; init; }

    /// <summary>The feerate where the chain source has no estimate; null refuses to guess, as one should where money is real.</summary>
    public FeeratePerKvB? FallbackFeerate { get; init; }

    /// <summary>What a replacement adds for its own relay. Nodes ask for 100 to 1,000 sat/kvB today.</summary>
    public FeeratePerKvB IncrementalFeerate { get; init; } = new(1000);

    /// <summary>Where outputs become dust.</summary>
    public FeeratePerKvB DustFeerate { get; init; } = new(3000);

    /// <summary>What it is thought to cost to spend a coin some other day: below it coins are joined, above it spared.</summary>
    public FeeratePerKvB LongTermFeerate { get; init; } = new(10_000);

    /// <summary>No transaction pays more.</summary>
    public Satoshis FeeMax { get; init; } = new(Satoshis.PerBitcoin / 10);

    /// <summary>No transaction pays at a higher rate.</summary>
    public FeeratePerKvB FeerateMax { get; init; } = new(Satoshis.PerBitcoin / 10);

    /// <summary>Unconfirmed ancestors that a coin to be spent may have: nodes keep chains of 25.</summary>
    public int UnconfirmedAncestorsMax { get; init; } = 23;

    /// <summary>How often unconfirmed transactions are offered to the node again.</summary>
    public TimeSpan RebroadcastInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a spend waits for the wallet to reach the source's tip.</summary>
    public TimeSpan SyncWaitMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first wait after the chain source was lost; doubled up to a minute.</summary>
    public TimeSpan SourceRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long coins are set aside for a draft that nobody finishes.</summary>
    public TimeSpan DraftLease { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What sealing the seed costs.</summary>
    public ScryptCost SealCost { get; init; } = ScryptCost.Default;

    /// <summary>Bytes of records after which a snapshot takes their place.</summary>
    public long CompactAtBytes { get; init; } = 8 << 20;
}
