namespace Tributary.Rollup.Api;

/// <summary>A rollup and how far it is, as its operator says. Amounts are satoshis, hashes hex.</summary>
public sealed record RollupView
{
    public required string Rollup { get; init; }

    public required string Network { get; init; }

    /// <summary>"fast" or "small": the set of parameters that proofs are made with.</summary>
    public required string Parameters { get; init; }

    public required string VerifyingKey { get; init; }

    /// <summary>The x coordinate of the key that signs receipts and spends anchors.</summary>
    public required string Operator { get; init; }

    /// <summary>The taproot output key that deposits pay.</summary>
    public required string Vault { get; init; }

    /// <summary>The block that the rollup begins in; null while its beginning waits for one.</summary>
    public int? GenesisHeight { get; init; }

    /// <summary>A height below it, from which a verifier may start.</summary>
    public required int FromHeight { get; init; }

    public required ulong FeeMinSat { get; init; }

    public required long DepositMinSat { get; init; }

    /// <summary>Blocks below the tip that rollup time runs at.</summary>
    public required int Depth { get; init; }

    /// <summary>The last Bitcoin block that was looked through.</summary>
    public required int Height { get; init; }

    /// <summary>The last tip that the operator has acted on: what was due at it is in the open batch, cut, posted or refused; 0 before the first.</summary>
    public int ActedHeight { get; init; }

    /// <summary>Rollup time: the height of the open batch.</summary>
    public uint RollupHeight { get; init; }

    /// <summary>The batch that operations go into now.</summary>
    public ulong OpenBatch { get; init; }

    public int OpenOperations { get; init; }

    /// <summary>The last batch that was closed, the last on Bitcoin, the last that is proven; 0 for none.</summary>
    public ulong ClosedBatch { get; init; }

    public ulong AnchoredBatch { get; init; }

    public ulong ProvenBatch { get; init; }

    public ulong Segments { get; init; }

    public ulong ProvenSegments { get; init; }

    /// <summary>With all that was taken, but for the open segment.</summary>
    public string? Root { get; init; }

    public string? AnchoredRoot { get; init; }

    public string? ProvenRoot { get; init; }

    /// <summary>The number of the last receipt that was revoked; 0 for none.</summary>
    public ulong Revocations { get; init; }

    public ProverView? Prover { get; init; }

    /// <summary>What the operator's wallet has to pay anchors with.</summary>
    public long WalletSat { get; init; }

    /// <summary>What stands in the way, and what to do; null where nothing does.</summary>
    public string? Problem { get; init; }
}
