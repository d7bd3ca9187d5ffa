using Tributary.Bitcoin.Wallets.Storage;

namespace Tributary.Lightning.Tests.Node;

/// <summary>A wallet's records in memory: what outlives the wallet, for a test that opens it again.</summary>
internal sealed class MemoryWalletStore : IWalletStore
{
    private List<ReadOnlyMemory<byte>> _records = [];

    public long Size => _records.Sum(static record => (long)record.Length);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> LoadAsync(CancellationToken cancellationToken) => new([.. _records]);

    public ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
            _records.Add(record.ToArray());
        return ValueTask.CompletedTask;
    }

    public ValueTask ReplaceAsync(IReadOnlyList<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
    {
        _records = [.. snapshot.Select(static record => (ReadOnlyMemory<byte>)record.ToArray())];
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
