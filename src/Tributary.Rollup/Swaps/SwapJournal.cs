using System.Security.Cryptography;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Rollup.Swaps;

/// <summary>A party's journal of one swap: what it will do stands on disk before it does it. One owner.</summary>
public sealed class SwapJournal : IAsyncDisposable
{
    private const string Purpose = "tributary.rollup.swap/1";
    private const byte BeginRecord = 1;
    private const byte LockRecord = 2;
    private const byte RevealRecord = 3;
    private const byte EndRecord = 4;
    private const byte AbortRecord = 5;

    private readonly RecordLog _log;

    private SwapJournal(RecordLog log, SwapMemory? memory) => (_log, Memory) = (log, memory);

    /// <summary>What the party knows; null before <see cref="BeginAsync"/>.</summary>
    public SwapMemory? Memory { get; private set; }

    /// <summary>Opens the journal of a folder, or begins one.</summary>
    public static Result<SwapJournal, Refusal> Open(IStorageDirectory directory, IEntropy entropy)
    {
        var replay = new Replay();
        return RecordLog.Open(directory, new LogOptions { Purpose = Purpose }, entropy, replay).TryGet(out var log, out var error)
            ? new SwapJournal(log, replay.Memory)
            : error.ToRefusal("swap");
    }

    /// <summary>Begins the swap: the client with its preimage, the provider without.</summary>
    public async Task<Refusal?> BeginAsync(SwapMemory memory, int tip)
    {
        if (Memory is not null)
            return new Refusal("swap", "has begun already");
        if (memory.Terms.Check(memory.Margins, tip) is { } misfit)
            return misfit;
        if (memory.Role == SwapRole.Client && (memory.Preimage is not { } preimage || !SHA256.HashData(preimage.Span).AsSpan().SequenceEqual(memory.Terms.Hash.Span)))
            return new Refusal("preimage", "is not that of the hash");
        var writer = new ByteWriter(256);
        writer.WriteByte(BeginRecord);
        writer.WriteByte((byte)memory.Role);
        memory.Terms.WriteTo(writer);
        foreach (var margin in (ReadOnlySpan<int>)[memory.Margins.Depth, memory.Margins.Confirm, memory.Margins.Post, memory.Margins.Anchor, memory.Margins.Final])
            writer.WriteInt32LittleEndian(margin);
        writer.WriteBytes(memory.Preimage is { } own ? own.Span : []);
        await AppendAsync(writer.WrittenMemory).ConfigureAwait(false);
        Memory = memory;
        return null;
    }

    /// <summary>Notes that the party is about to lock, with the signed operation where it does so in the rollup.</summary>
    public async Task LockAsync(ForcedOperation? signed)
    {
        await AppendAsync((byte[])[LockRecord, .. signed?.Write() ?? []]).ConfigureAwait(false);
        Memory = Memory! with { HasLocked = true, Lock = signed };
    }

    /// <summary>Notes that the client is about to show the preimage.</summary>
    public async Task RevealAsync()
    {
        await AppendAsync((byte[])[RevealRecord]).ConfigureAwait(false);
        Memory = Memory! with { HasRevealed = true };
    }

    /// <summary>Notes that the party gives up: it locks nothing any more, shows no preimage, and takes back what it has locked.</summary>
    /// <returns>Why it is too late for that; null where it is not.</returns>
    public async Task<Refusal?> AbortAsync()
    {
        if (Memory is null or { Outcome: not null })
            return new Refusal("swap", "is over");
        if (Memory.HasRevealed)
            return new Refusal("swap", "can't be given up any more: the preimage may be known, so the other side can take its money, and this side has to take its own. 'tributary rollup swap resume' does");
        if (!Memory.IsAborted)
            await AppendAsync((byte[])[AbortRecord]).ConfigureAwait(false);
        Memory = Memory with { IsAborted = true };
        return null;
    }

    /// <summary>Notes how it ended.</summary>
    public async Task EndAsync(SwapStep outcome)
    {
        await AppendAsync((byte[])[EndRecord, (byte)outcome]).ConfigureAwait(false);
        Memory = Memory! with { Outcome = outcome };
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    // Not to be cancelled half way: a record that may be on disk counts.
    private async Task AppendAsync(ReadOnlyMemory<byte> record) => await _log.AppendAsync(new LogBatch().Add(record.Span), CancellationToken.None).ConfigureAwait(false);

    private sealed class Replay : ILogReplay
    {
        internal SwapMemory? Memory { get; private set; }

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => "is a checkpoint, which a swap's journal has none of";

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
        {
            if (record.IsEmpty || (record[0] == BeginRecord) != (Memory is null))
                return "begins a second time, or before the beginning";
            switch (record[0])
            {
                case BeginRecord:
                    return Begin(record[1..]);
                case LockRecord:
                    var signed = record.Length == 1 ? null : ForcedOperation.Read(record[1..].ToArray()).TryGet(out var operation, out _) ? operation : null;
                    Memory = Memory! with { HasLocked = true, Lock = signed };
                    return record.Length > 1 && signed is null ? "holds no signed operation" : null;
                case RevealRecord:
                    Memory = Memory! with { HasRevealed = true };
                    return null;
                case AbortRecord:
                    Memory = Memory! with { IsAborted = true };
                    return null;
                case EndRecord when record.Length == 2:
                    Memory = Memory! with { Outcome = (SwapStep)record[1] };
                    return null;
                default:
                    return "is of no kind that this program writes";
            }
        }

        private string? Begin(ReadOnlySpan<byte> record)
        {
            var reader = new SpanReader(record);
            if (!reader.TryReadByte(out var role) || SwapTerms.Read(ref reader) is not { } terms
                || !reader.TryReadInt32LittleEndian(out var depth)
                || !reader.TryReadInt32LittleEndian(out var confirm)
                || !reader.TryReadInt32LittleEndian(out var post)
                || !reader.TryReadInt32LittleEndian(out var anchor)
                || !reader.TryReadInt32LittleEndian(out var final))
                return "is cut short";
            Bytes32? preimage = reader.TryReadBytes32(out var own) ? own : null;
            Memory = new SwapMemory((SwapRole)role, terms, new SwapMargins { Depth = depth, Confirm = confirm, Post = post, Anchor = anchor, Final = final }, preimage);
            return reader.IsAtEnd ? null : "is too long";
        }
    }
}
