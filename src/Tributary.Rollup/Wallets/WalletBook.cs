using System.Text.Json;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Rollup.Wallets;

/// <summary>
/// What a wallet has done, on disk before anybody else is told: keys, accounts, signed operations as they were handed in, receipts and outcomes. The
/// journal of indices stands apart. One owner.
/// </summary>
internal sealed class WalletBook : IAsyncDisposable
{
    private const string Purpose = "tributary.rollup.wallet/1";

    private readonly RecordLog _log;
    private readonly Replay _content;

    private WalletBook(RecordLog log, Replay content) => (_log, _content) = (log, content);

    /// <summary>The wallet's accounts, by place.</summary>
    internal IReadOnlyCollection<WalletAccount> Accounts => _content.Accounts.Values;

    /// <summary>Operations in the order in which they were signed.</summary>
    internal IEnumerable<WalletOperation> Operations => _content.Order.Select(operation => _content.Operations[operation]);

    internal static Result<WalletBook, Refusal> Open(IStorageDirectory directory, IEntropy entropy)
    {
        var content = new Replay();
        return RecordLog.Open(directory, new LogOptions { Purpose = Purpose }, entropy, content).TryGet(out var log, out var error)
            ? new WalletBook(log, content)
            : error.ToRefusal("wallet");
    }

    /// <summary>Writes an entry down; it is durable when this completes.</summary>
    internal async ValueTask AddAsync(WalletEntry entry)
    {
        await _log.AppendAsync(new LogBatch().Add(JsonSerializer.SerializeToUtf8Bytes(entry, WalletJson.Default.WalletEntry)), CancellationToken.None);
        _ = _content.Take(entry);
    }

    internal WalletAccount? Find(uint place) => _content.Accounts.GetValueOrDefault(place);

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private sealed class Replay : ILogReplay
    {
        internal SortedDictionary<uint, WalletAccount> Accounts { get; } = [];

        internal Dictionary<Bytes32, WalletOperation> Operations { get; } = [];

        internal List<Bytes32> Order { get; } = [];

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => "is a checkpoint, which a wallet's book has none of";

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
        {
            try
            {
                return JsonSerializer.Deserialize(record, WalletJson.Default.WalletEntry) is { } entry ? Take(entry) : "is empty";
            }
            catch (JsonException exception)
            {
                return $"is damaged: {exception.Message}";
            }
        }

        internal string? Take(WalletEntry entry)
        {
            var account = Accounts.GetValueOrDefault(entry.Account) ?? new WalletAccount(entry.Account);
            switch (entry.Kind)
            {
                case WalletEntry.Key when Bytes32.TryParse(entry.KeyRoot, out var root):
                    Accounts[entry.Account] = account with { Keys = new Dictionary<uint, Bytes32>(account.Keys) { [entry.Generation] = root } };
                    return null;
                case WalletEntry.Registered:
                    Accounts[entry.Account] = account with { Number = entry.Number };
                    return null;
                case WalletEntry.Signed when Bytes32.TryParse(entry.Operation, out var digest) && entry.Bytes is not null:
                    if (Operations.TryAdd(digest, new WalletOperation(entry.Account, digest, entry.Bytes, entry.What ?? "") { State = entry.State ?? "signed" }))
                        Order.Add(digest);
                    return null;
                case WalletEntry.Receipt when Bytes32.TryParse(entry.Operation, out var digest) && Operations.TryGetValue(digest, out var taken):
                    Operations[digest] = taken with { State = "taken", Batch = entry.Batch };
                    return null;
                case WalletEntry.Outcome when Bytes32.TryParse(entry.Operation, out var digest) && Operations.TryGetValue(digest, out var known):
                    Operations[digest] = known with { State = entry.State ?? known.State, Why = entry.Why, IsPosted = known.IsPosted || entry.State is "posted", FeeratePerKvb = entry.FeeratePerKvb ?? known.FeeratePerKvb };
                    return null;
                default:
                    return $"is of kind {entry.Kind}, or without what such an entry has";
            }
        }
    }
}
