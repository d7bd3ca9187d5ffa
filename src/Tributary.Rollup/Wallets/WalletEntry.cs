namespace Tributary.Rollup.Wallets;

/// <summary>A record of a wallet's book, as JSON: what it is, and the fields that such a record has.</summary>
internal sealed record WalletEntry
{
    /// <summary>A key was made for an account of this wallet: Account, Generation, KeyRoot.</summary>
    internal const string Key = "key";

    /// <summary>The rollup gave an account its number: Account, Number.</summary>
    internal const string Registered = "registered";

    /// <summary>An operation was signed: Account, Operation, Bytes, What, State where it is not "signed".</summary>
    internal const string Signed = "signed";

    /// <summary>The operator gave a receipt: Operation, Batch, Position, Signature.</summary>
    internal const string Receipt = "receipt";

    /// <summary>What became of an operation: Operation, State, Why; of a post FeeratePerKvb, before a node sees it.</summary>
    internal const string Outcome = "outcome";

    public required string Kind { get; init; }

    public uint Account { get; init; }

    public uint Generation { get; init; }

    public string? KeyRoot { get; init; }

    public uint Number { get; init; }

    public string? Operation { get; init; }

    public byte[]? Bytes { get; init; }

    public string? What { get; init; }

    public ulong Batch { get; init; }

    public int Position { get; init; }

    public string? Signature { get; init; }

    public string? State { get; init; }

    public string? Why { get; init; }

    public long? FeeratePerKvb { get; init; }
}
