using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Commitments;

/// <summary>What all commitment transactions of one side of a channel have in common.</summary>
public sealed record CommitmentContract
{
    public required CommitmentFormat Format { get; init; }

    /// <summary>The output that the channel lives in.</summary>
    public required OutPoint Funding { get; init; }

    public required Satoshis FundingAmount { get; init; }

    /// <summary>The funding key of the side whose transactions these are.</summary>
    public required PublicKey BroadcasterFundingKey { get; init; }

    public required PublicKey CountersignerFundingKey { get; init; }

    /// <summary>The broadcaster opened the channel, so that fee and anchors come from its balance.</summary>
    public required bool BroadcasterIsOpener { get; init; }

    /// <summary>See <see cref="CommitmentNumber.ObscuringFactor"/>.</summary>
    public required ulong ObscuringFactor { get; init; }

    /// <summary>Blocks that the broadcaster waits for its own outputs: what the countersigner asked for.</summary>
    public required ushort ToSelfDelay { get; init; }

    /// <summary>The broadcaster's dust limit.</summary>
    public required Satoshis DustLimit { get; init; }

    /// <summary>The witness script of the funding output.</summary>
    public Script FundingScript => CommitmentScripts.Funding(BroadcasterFundingKey, CountersignerFundingKey);

    /// <summary>The output that every commitment transaction spends.</summary>
    public TxOut FundingOutput => new(FundingAmount, StandardScripts.P2wshOf(FundingScript));
}
