using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Transactions;

/// <summary>
/// An immutable transaction: its serialized bytes (BIP 144) and where its inputs, outputs and witnesses begin in them.
/// Inputs and outputs are views on those bytes, so that a parsed block takes little more than the block itself.
/// Safe to read from many threads.
/// </summary>
[SuppressMessage("Design", "CA1036", Justification = "Transactions have identity, not order.")]
public sealed class Transaction : IEquatable<Transaction>
{
    /// <summary>The least an input takes: outpoint, empty script, sequence.</summary>
    internal const int LeastInputBytes = 41;

    /// <summary>The least an output takes: amount, empty script.</summary>
    internal const int LeastOutputBytes = 9;

    /// <summary>Weight units in one virtual byte (BIP 141).</summary>
    public const int WitnessScaleFactor = 4;

    private readonly byte[] _buffer;
    private readonly int[] _offsets;
    private readonly int _start;
    private readonly int _length;
    private readonly int _table;
    private readonly int _inputCount;
    private readonly int _outputCount;
    private Ids? _ids;

    internal Transaction(byte[] buffer, int start, int length, int[] offsets, int table, int inputCount, int outputCount)
    {
        _buffer = buffer;
        _start = start;
        _length = length;
        _offsets = offsets;
        _table = table;
        _inputCount = inputCount;
        _outputCount = outputCount;
    }

    /// <summary>The format version; signed, as consensus compares it (BIP 68).</summary>
    public int Version => BitConverter.ToInt32(_buffer, _start);

    public uint LockTime => BitConverter.ToUInt32(_buffer, _start + _length - sizeof(uint));

    /// <summary>Inputs.</summary>
    public int InputCount => _inputCount;

    /// <summary>Outputs.</summary>
    public int OutputCount => _outputCount;

    /// <summary>True when it is serialized with witnesses: at least one input has one.</summary>
    public bool HasWitness => _buffer[_start + sizeof(int)] == 0 && _inputCount > 0;

    /// <summary>The serialization with witnesses.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, _length);

    /// <summary>Bytes with witnesses.</summary>
    public int TotalSize => _length;

    /// <summary>Bytes without witnesses.</summary>
    public int BaseSize => HasWitness ? _length - 2 - (_start + _length - sizeof(uint) - WitnessStart) : _length;

    /// <summary>Weight units (BIP 141): three times the size without witnesses and once the whole.</summary>
    public int Weight => (BaseSize * (WitnessScaleFactor - 1)) + TotalSize;

    /// <summary>Weight in virtual bytes, rounded up.</summary>
    public int VirtualSize => (Weight + WitnessScaleFactor - 1) / WitnessScaleFactor;

    /// <summary>True when its one input names no output.</summary>
    public bool IsCoinbase => _inputCount == 1 && Input(0).PreviousOutput.IsNull;

    public TxId TxId => GetIds().TxId;

    public WtxId WtxId => GetIds().WtxId;

    /// <summary>All inputs, as an enumerable view.</summary>
    public IEnumerable<TxIn> Inputs
    {
        get
        {
            for (var i = 0; i < _inputCount; i++)
                yield return Input(i);
        }
    }

    /// <summary>All outputs, as an enumerable view.</summary>
    public IEnumerable<TxOut> Outputs
    {
        get
        {
            for (var i = 0; i < _outputCount; i++)
                yield return Output(i);
        }
    }

    /// <summary>Where the first witness begins in the buffer.</summary>
    private int WitnessStart => _offsets[_table + _inputCount + _outputCount];

    /// <summary>The input at a place.</summary>
    public TxIn Input(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _inputCount);
        var at = _offsets[_table + index];
        var reader = new SpanReader(_buffer.AsSpan(at));
        if (!OutPoint.TryRead(ref reader, out var previous)
            || !reader.TryReadCompactSizeBytes(out var script)
            || !reader.TryReadUInt32LittleEndian(out var sequence))
            throw new InvalidOperationException("The transaction was checked when it was parsed.");

        var scriptSig = new Script(_buffer.AsMemory(at + reader.Position - sizeof(uint) - script.Length, script.Length));
        return new TxIn(previous, scriptSig, sequence, WitnessOf(index));
    }

    /// <summary>The outpoint that an input spends, without its script and witness.</summary>
    public OutPoint PreviousOutput(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _inputCount);
        var reader = new SpanReader(_buffer.AsSpan(_offsets[_table + index]));
        return OutPoint.TryRead(ref reader, out var previous)
            ? previous
            : throw new InvalidOperationException("The transaction was checked when it was parsed.");
    }

    /// <summary>The output at a place.</summary>
    public TxOut Output(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _outputCount);
        var at = _offsets[_table + _inputCount + index];
        var reader = new SpanReader(_buffer.AsSpan(at));
        if (!reader.TryReadInt64LittleEndian(out var value) || !reader.TryReadCompactSizeBytes(out var script))
            throw new InvalidOperationException("The transaction was checked when it was parsed.");
        return new TxOut(new Satoshis(value), new Script(_buffer.AsMemory(at + reader.Position - script.Length, script.Length)));
    }

    /// <summary>The outpoint of one of its outputs.</summary>
    public OutPoint OutPointOf(int output) => new(TxId, checked((uint)output));

    /// <summary>Builds a transaction; with witnesses when an input has one.</summary>
    public static Transaction Create(int version, ReadOnlySpan<TxIn> inputs, ReadOnlySpan<TxOut> outputs, uint lockTime = 0)
    {
        var hasWitness = false;
        foreach (var input in inputs)
            hasWitness |= !input.Witness.IsEmpty;

        var writer = new ByteWriter();
        writer.WriteInt32LittleEndian(version);
        if (hasWitness)
        {
            writer.WriteByte(0);
            writer.WriteByte(1);
        }

        writer.WriteCompactSize((ulong)inputs.Length);
        foreach (var input in inputs)
        {
            input.PreviousOutput.WriteTo(writer);
            writer.WriteCompactSizeBytes(input.ScriptSig.Span);
            writer.WriteUInt32LittleEndian(input.Sequence);
        }

        writer.WriteCompactSize((ulong)outputs.Length);
        foreach (var output in outputs)
            output.WriteTo(writer);

        if (hasWitness)
        {
            foreach (var input in inputs)
                input.Witness.WriteTo(writer);
        }

        writer.WriteUInt32LittleEndian(lockTime);
        return TransactionReader.ReadTrusted(writer.ToArray(), allowWitness: hasWitness);
    }

    /// <summary>Reads one transaction that fills the bytes exactly; copies them.</summary>
    public static Result<Transaction, Refusal> Parse(ReadOnlySpan<byte> bytes) => TransactionReader.Parse(bytes.ToArray());

    /// <summary>Reads a transaction in hex.</summary>
    public static Result<Transaction, Refusal> Parse(ReadOnlySpan<char> hex) =>
        Hex.TryDecode(hex, out byte[]? bytes) ? TransactionReader.Parse(bytes) : new Refusal("transaction", "is not hex");

    /// <summary>Writes the serialization without witnesses, which <see cref="TxId"/> hashes.</summary>
    public void WriteWithoutWitness(ByteWriter writer)
    {
        if (!HasWitness)
        {
            writer.WriteBytes(Memory.Span);
            return;
        }

        var afterMarker = _start + sizeof(int) + 2;
        writer.WriteBytes(_buffer.AsSpan(_start, sizeof(int)));
        writer.WriteBytes(_buffer.AsSpan(afterMarker, WitnessStart - afterMarker));
        writer.WriteBytes(_buffer.AsSpan(_start + _length - sizeof(uint), sizeof(uint)));
    }

    /// <summary>The same transaction with other witnesses and scripts: what signing does.</summary>
    public Transaction WithInputs(ReadOnlySpan<TxIn> inputs)
    {
        var outputs = new TxOut[_outputCount];
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] = Output(i);
        return Create(Version, inputs, outputs, LockTime);
    }

    /// <summary>The serialization in hex.</summary>
    public string ToHex() => Hex.Encode(Memory.Span);

    public bool Equals(Transaction? other) => other is not null && Memory.Span.SequenceEqual(other.Memory.Span);

    public override bool Equals(object? obj) => Equals(obj as Transaction);

    public override int GetHashCode() => TxId.GetHashCode();

    public override string ToString() => TxId.ToString();

    private Witness WitnessOf(int index)
    {
        if (!HasWitness)
            return Witness.Empty;

        var first = _table + _inputCount + _outputCount;
        var at = _offsets[first + index];
        var end = index + 1 < _inputCount ? _offsets[first + index + 1] : _start + _length - sizeof(uint);
        return new Witness(_buffer.AsMemory(at, end - at));
    }

    private Ids GetIds()
    {
        if (_ids is { } known)
            return known;

        var whole = Hashes.Sha256d(Memory.Span);
        var id = whole;
        if (HasWitness)
        {
            var writer = new ByteWriter(BaseSize);
            WriteWithoutWitness(writer);
            id = Hashes.Sha256d(writer.WrittenSpan);
        }

        return _ids = new Ids(new TxId(id), new WtxId(whole));
    }

    private sealed record Ids(TxId TxId, WtxId WtxId);
}
