using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.State;

/// <summary>
/// A state as bytes, and its digest. The encoding is version, then every leaf by key: key, value. There is one encoding of a state, so equal
/// digests mean equal states.
/// </summary>
public static class StateSnapshot
{
    /// <summary>The format described here.</summary>
    public const byte Version = 1;

    /// <summary>SHA-256 of the encoding.</summary>
    public static Bytes32 Digest(FinanceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([Version]);
        state.ReadAll(new HashSink(hash));
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        hash.GetHashAndReset(digest);
        return new Bytes32(digest);
    }

    /// <summary>The encoding.</summary>
    public static byte[] Write(FinanceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var writer = new ByteWriter();
        writer.WriteByte(Version);
        state.ReadAll(new WriterSink(writer));
        return writer.ToArray();
    }

    /// <summary>The encoding of the state as it was at a mark.</summary>
    public static byte[] Write(FinanceState state, in Checkpoint at)
    {
        ArgumentNullException.ThrowIfNull(state);
        var changed = new BeforeSink();
        state.ReadChanges(at, changed);
        var writer = new ByteWriter();
        writer.WriteByte(Version);
        var merge = new MergeSink(new WriterSink(writer), changed.Leaves);
        state.ReadAll(merge);
        merge.Finish();
        return writer.ToArray();
    }

    /// <summary>Reads an encoding into a state of these kinds of leaf. Whether the leaves make sense together is not looked at.</summary>
    public static Result<FinanceState, Refusal> Read(IEnumerable<LeafType> types, ReadOnlySpan<byte> bytes)
    {
        var state = new FinanceState(types);
        var lengths = state.Types.ToDictionary(static type => type.Kind, static type => type.Length);
        var reader = new SpanReader(bytes);
        if (!reader.TryReadByte(out var version) || version != Version)
            return new Refusal("version", $"only version {Version} of a snapshot is known");
        LeafKey? last = null;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadBytes(LeafKey.Length, out var keyBytes))
                return new Refusal("leaf", "cut short");
            var key = new LeafKey((LeafKind)keyBytes[0], BinaryPrimitives.ReadUInt64BigEndian(keyBytes[1..]));
            if (last is { } before && key <= before)
                return new Refusal("leaf", $"{key} does not come after {before}");
            if (!lengths.TryGetValue(key.Kind, out var length))
                return new Refusal("leaf", $"no leaves of kind {(byte)key.Kind} are known");
            if (!reader.TryReadBytes(length, out var value) || !state.TryLoad(key, value))
                return new Refusal("leaf", $"{key} has no canonical value");
            last = key;
        }

        return state;
    }

    private sealed class BeforeSink : ILeafSink
    {
        public SortedDictionary<LeafKey, byte[]> Leaves { get; } = [];

        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => Leaves.Add(key, before.ToArray());
    }

    /// <summary>Puts leaves as they were in place of those that changed, in the order of keys.</summary>
    private sealed class MergeSink(WriterSink next, SortedDictionary<LeafKey, byte[]> before) : ILeafSink
    {
        private readonly Queue<KeyValuePair<LeafKey, byte[]>> _before = new(before);

        public void Take(LeafKey key, ReadOnlySpan<byte> unused, ReadOnlySpan<byte> after)
        {
            for (; _before.TryPeek(out var gone) && gone.Key < key; _ = _before.Dequeue())
                Give(gone);
            if (_before.TryPeek(out var changed) && changed.Key == key)
                Give(_before.Dequeue());
            else
                next.Take(key, default, after);
        }

        public void Finish()
        {
            while (_before.TryDequeue(out var gone))
                Give(gone);
        }

        private void Give(KeyValuePair<LeafKey, byte[]> leaf)
        {
            if (leaf.Value.Length > 0)
                next.Take(leaf.Key, default, leaf.Value);
        }
    }

    private sealed class HashSink(IncrementalHash hash) : ILeafSink
    {
        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
        {
            Span<byte> bytes = stackalloc byte[LeafKey.Length];
            key.Write(bytes);
            hash.AppendData(bytes);
            hash.AppendData(after);
        }
    }

    private sealed class WriterSink(ByteWriter writer) : ILeafSink
    {
        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
        {
            Span<byte> bytes = stackalloc byte[LeafKey.Length];
            key.Write(bytes);
            writer.WriteBytes(bytes);
            writer.WriteBytes(after);
        }
    }
}
