using Tributary.Bitcoin.Wallets.Storage;

namespace Tributary.Lightning.Simulation.Tests.Machines;

/// <summary>A wallet's records on a simulated medium: they outlive the process, and a commit may be the last thing that a process does.</summary>
internal sealed class WalletMemory
{
    private readonly List<ReadOnlyMemory<byte>> _records = [];

    /// <summary>Asked before each commit: null lets it pass, true stores it and fails, false fails.</summary>
    internal Func<bool?> Fate { get; set; } = static () => null;

    internal WalletMemory()
    {
    }

    private WalletMemory(IEnumerable<ReadOnlyMemory<byte>> records) => _records.AddRange(records);

    internal bool IsEmpty => _records.Count == 0;

    internal WalletMemory Copy() => new(_records);

    internal IWalletStore Open() => new Store(this);

    private void Commit(Action store)
    {
        var fate = Fate();
        if (fate is not false)
            store();
        if (fate is not null)
            throw new IOException("The power has failed.");
    }

    private sealed class Store(WalletMemory memory) : IWalletStore
    {
        public long Size => memory._records.Sum(static record => (long)record.Length);

        public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> LoadAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([.. memory._records]);

        public ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
        {
            memory.Commit(() => memory._records.AddRange(records));
            return ValueTask.CompletedTask;
        }

        public ValueTask ReplaceAsync(IReadOnlyList<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
        {
            memory.Commit(() =>
            {
                memory._records.Clear();
                memory._records.AddRange(snapshot);
            });
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
