using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Policy;

/// <summary>What a node relays beyond what consensus allows. The defaults are those of Bitcoin Core 29.</summary>
public sealed record PolicyLimits
{
    /// <summary>The defaults.</summary>
    public static PolicyLimits Default { get; } = new();

    /// <summary>The feerate below which nothing is relayed (since Bitcoin Core 29.1; 1,000 sat/kvB before).</summary>
    public FeeratePerKvB MinRelayFeerate { get; init; } = new(100);

    /// <summary>What a replacement pays on top for its own size.</summary>
    public FeeratePerKvB IncrementalFeerate { get; init; } = new(100);

    /// <summary>An output that is worth less than spending it costs at this feerate is dust.</summary>
    public FeeratePerKvB DustFeerate { get; init; } = new(3000);

    /// <summary>Bytes that OP_RETURN scripts may take; 0 to refuse them.</summary>
    public int DataCarrierBytesMax { get; init; } = 83;

    /// <summary>
    /// False: one OP_RETURN output, of that size. True (Bitcoin Core 30, with 100,000 bytes): any number, of that size together.
    /// </summary>
    public bool AllowsManyDataCarriers { get; init; }

    /// <summary>Bare multisig outputs of up to three keys.</summary>
    public bool AllowsBareMultisig { get; init; } = true;

    /// <summary>Virtual bytes that a unit of sigop cost counts at least, times four.</summary>
    public int BytesPerSigOp { get; init; } = 20;

    /// <summary>Signature operations in a transaction's legacy inputs, counted as BIP 54 does.</summary>
    public int LegacySigOpsMax { get; init; } = 2500;

    /// <summary>Weight of a transaction.</summary>
    public int TransactionWeightMax { get; init; } = 400_000;

    /// <summary>The limits of Bitcoin Core 30: data carriers by their total size.</summary>
    public static PolicyLimits BitcoinCore30 { get; } = new() { DataCarrierBytesMax = 100_000, AllowsManyDataCarriers = true };
}
