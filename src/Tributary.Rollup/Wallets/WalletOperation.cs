using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Wallets;

/// <summary>An operation that a wallet signed.</summary>
/// <param name="Account">The place of the account in the wallet.</param>
/// <param name="Operation">SHA-256 of its encoding.</param>
/// <param name="Bytes">What is handed in, and handed in again.</param>
/// <param name="What">For a person.</param>
public sealed record WalletOperation(uint Account, Bytes32 Operation, ReadOnlyMemory<byte> Bytes, string What)
{
    /// <summary>The state of an operation that a swap hands in, and no other command.</summary>
    public const string Held = "held";

    /// <summary>"signed", "held" (for a swap to hand in), "taken", "posted" (on Bitcoin), "refused", "revoked" or "proven".</summary>
    public string State { get; init; } = "signed";

    /// <summary>The batch of the operator's receipt.</summary>
    public ulong? Batch { get; init; }

    /// <summary>Why it was refused or revoked.</summary>
    public string? Why { get; init; }

    /// <summary>It was posted on Bitcoin.</summary>
    public bool IsPosted { get; init; }

    /// <summary>What its post pays, in satoshis per 1,000 virtual bytes; null where it was not posted.</summary>
    public long? FeeratePerKvb { get; init; }

    /// <summary>Nothing more becomes of it.</summary>
    public bool IsOver => State is "refused" or "revoked" or "proven";
}
