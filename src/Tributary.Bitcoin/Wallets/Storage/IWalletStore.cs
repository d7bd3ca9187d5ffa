namespace Tributary.Bitcoin.Wallets.Storage;

/// <summary>
/// Where a wallet keeps its records: opaque bytes in the order of their commits. One owner at a time, held by a lock of the operating
/// system or the database. Calls do not overlap.
/// </summary>
public interface IWalletStore : IAsyncDisposable
{
    /// <summary>Bytes that loading reads: when they outgrow a snapshot many times over, the wallet writes a new one.</summary>
    long Size { get; }

    /// <summary>Every record of every commit that was acknowledged, oldest first; a commit that was cut short is not among them.</summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Adds records in one commit: all of them or none, durable when the call returns.</summary>
    /// <exception cref="IOException">Nothing was acknowledged. The store takes nothing more until it is opened again.</exception>
    ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken);

    /// <summary>Replaces everything by a snapshot of the same meaning: the old or the new is there at any instant, and durable when the call returns.</summary>
    /// <exception cref="IOException">The old records are still there. The store takes nothing more until it is opened again.</exception>
    ValueTask ReplaceAsync(IReadOnlyList<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken);
}
