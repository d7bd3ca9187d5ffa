using System.Buffers.Binary;
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

    private const int MarkerAndFlagBytes = 2;

    /// <summary>Weight units in one virtual byte (BIP 141).</summary>
    public const int WitnessScaleFactor = 4;

    private readonly TransactionBuffer _buffer;
    private readonly int _start;
    private readonly int _length;
    private readonly int _table;
    private readonly int _inputCount;
    private readonly int _outputCount;
    private Ids? _ids;

    internal Transaction(TransactionBuffer buffer, int start, int length, int table, int inputCount, int outputCount)
    {
        _buffer = buffer;
        _start = start;
        _length = length;
        _table = table;
        _inputCount = inputCount;
        _outputCount = outputCount;
    }

    /// <summary>The format version; unsigned, as BIP 68 compares it. Relay takes 1, 2 and 3.</summary>
    public uint Version => BinaryPrimitives.ReadUInt32LittleEndian(VersionBytes);

    public uint LockTime => BinaryPrimitives.ReadUInt32LittleEndian(LockTimeBytes);

    /// <summary>Inputs.</summary>
    public int InputCount => _inputCount;

    /// <summary>Outputs.</summary>
    public int OutputCount => _outputCount;

    /// <summary>True when it is serialized with witnesses: at least one input has one.</summary>
    public bool HasWitness => _inputCount > 0 && _buffer.Bytes[_start + sizeof(int)] == 0;

    /// <summary>The serialization with witnesses.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.Bytes.AsMemory(_start, _length);

    /// <summary>Bytes with witnesses.</summary>
    public int TotalSize => _length;

    /// <summary>Bytes without witnesses.</summary>
    public int BaseSize => HasWitness ? _length - MarkerAndFlagBytes - (LockTimeStart - WitnessStart) : _length;

    /// <summary>Weight units (BIP 141): three times the size without witnesses and once the whole.</summary>
    public int Weight => (BaseSize * (WitnessScaleFactor - 1)) + TotalSize;

    /// <summary>Weight in virtual bytes, rounded up.</summary>
    public int VirtualSize => (Weight + WitnessScaleFactor - 1) / WitnessScaleFactor;

    /// <summary>True when its one input names no output.</summary>
    public bool IsCoinbase => _inputCount == 1 && PreviousOutput(0).IsNull;

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

    /// <summary>The version as it is serialized.</summary>
    internal ReadOnlySpan<byte> VersionBytes => _buffer.Bytes.AsSpan(_start, sizeof(uint));

    /// <summary>The lock time as it is serialized.</summary>
    internal ReadOnlySpan<byte> LockTimeBytes => _buffer.Bytes.AsSpan(LockTimeStart, sizeof(uint));

    /// <summary>All outputs as they are serialized, without their count.</summary>
    internal ReadOnlySpan<byte> AllOutputsBytes =>
        _outputCount == 0 ? default : _buffer.Bytes.AsSpan(OutputStart(0), OutputsEnd - OutputStart(0));

    private int LockTimeStart => _start + _length - sizeof(uint);

    private int WitnessStart => _buffer.Offsets[_table + _inputCount + _outputCount];

    private int OutputsEnd => HasWitness ? WitnessStart : LockTimeStart;

    /// <summary>The input at a place.</summary>
    public TxIn Input(int index)
    {
        var scriptSig = ScriptSig(index, out var end);
        var sequence = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.Bytes.AsSpan(end));
        return new TxIn(PreviousOutput(index), scriptSig, sequence, Witness(index));
    }

    /// <summary>The outpoint that an input spends, without its script and witness.</summary>
    public OutPoint PreviousOutput(int index)
    {
        var bytes = PreviousOutputBytes(index);
        return new OutPoint(new TxId(new Bytes32(bytes[..Bytes32.Length])), BinaryPrimitives.ReadUInt32LittleEndian(bytes[Bytes32.Length..]));
    }

    /// <summary>The unlocking script of an input.</summary>
    public Script ScriptSig(int index) => ScriptSig(index, out _);

    /// <summary>The sequence of an input.</summary>
    public uint Sequence(int index) => BinaryPrimitives.ReadUInt32LittleEndian(SequenceBytes(index));

    /// <summary>The witness of an input.</summary>
    public Witness Witness(int index)
    {
        RequireInput(index);
        if (!HasWitness)
            return Transactions.Witness.Empty;

        var entry = _table + _inputCount + _outputCount + index;
        var at = _buffer.Offsets[entry];
        var end = index + 1 < _inputCount ? _buffer.Offsets[entry + 1] : LockTimeStart;
        return new Witness(_buffer.Bytes.AsMemory(at, end - at));
    }

    /// <summary>The output at a place.</summary>
    public TxOut Output(int index)
    {
        RequireOutput(index);
        var at = OutputStart(index);
        var value = BinaryPrimitives.ReadInt64LittleEndian(_buffer.Bytes.AsSpan(at));
        return new TxOut(new Satoshis(value), ScriptAt(at + sizeof(long), out _));
    }

    /// <summary>The amount of an output, without its script.</summary>
    public Satoshis OutputValue(int index)
    {
        RequireOutput(index);
        return new Satoshis(BinaryPrimitives.ReadInt64LittleEndian(_buffer.Bytes.AsSpan(OutputStart(index))));
    }

    /// <summary>The outpoint that an input spends, as it is serialized.</summary>
    internal ReadOnlySpan<byte> PreviousOutputBytes(int index) => _buffer.Bytes.AsSpan(InputStart(index), OutPoint.Size);

    /// <summary>The sequence of an input as it is serialized.</summary>
    internal ReadOnlySpan<byte> SequenceBytes(int index)
    {
        _ = ScriptSig(index, out var end);
        return _buffer.Bytes.AsSpan(end, sizeof(uint));
    }

    /// <summary>An output as it is serialized.</summary>
    internal ReadOnlySpan<byte> OutputBytes(int index)
    {
        RequireOutput(index);
        var start = OutputStart(index);
        var end = index + 1 < _outputCount ? OutputStart(index + 1) : OutputsEnd;
        return _buffer.Bytes.AsSpan(start, end - start);
    }

    /// <summary>The outpoint of one of its outputs.</summary>
    public OutPoint OutPointOf(int output) => new(TxId, checked((uint)output));

    /// <summary>Builds a transaction; with witnesses when an input has one.</summary>
    public static Transaction Create(uint version, ReadOnlySpan<TxIn> inputs, ReadOnlySpan<TxOut> outputs, uint lockTime = 0)
    {
        var hasWitness = false;
        foreach (var input in inputs)
            hasWitness |= !input.Witness.IsEmpty;

        var writer = new ByteWriter();
        writer.WriteUInt32LittleEndian(version);
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

        writer.WriteBytes(VersionBytes);
        writer.WriteBytes(InputsAndOutputsBytes);
        writer.WriteBytes(LockTimeBytes);
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

    /// <summary>What stands between the version (with marker and flag) and the witnesses.</summary>
    private ReadOnlySpan<byte> InputsAndOutputsBytes
    {
        get
        {
            var start = _start + sizeof(uint) + (HasWitness ? MarkerAndFlagBytes : 0);
            return _buffer.Bytes.AsSpan(start, OutputsEnd - start);
        }
    }

    private int InputStart(int index)
    {
        RequireInput(index);
        return _buffer.Offsets[_table + index];
    }

    private int OutputStart(int index) => _buffer.Offsets[_table + _inputCount + index];

    private Script ScriptSig(int index, out int end) => ScriptAt(InputStart(index) + OutPoint.Size, out end);

    // A length and that many bytes; the parser has checked both.
    private Script ScriptAt(int at, out int end)
    {
        int length = _buffer.Bytes[at++];
        switch (length)
        {
            case < 0xfd:
                break;
            case 0xfd:
                length = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.Bytes.AsSpan(at));
                at += sizeof(ushort);
                break;
            default:
                length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.Bytes.AsSpan(at));
                at += sizeof(int);
                break;
        }

        end = at + length;
        return new Script(_buffer.Bytes.AsMemory(at, length));
    }

    private void RequireInput(int index) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_inputCount, nameof(index));

    private void RequireOutput(int index) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_outputCount, nameof(index));

    private Ids GetIds()
    {
        if (_ids is { } known)
            return known;

        // Two threads that come here together compute the same.
        var whole = Hashes.Sha256d(Memory.Span);
        if (!HasWitness)
            return _ids = new Ids(new TxId(whole), new WtxId(whole));

        Span<byte> hash = stackalloc byte[Bytes32.Length];
        var stream = default(Sha256Stream);
        stream.Append(VersionBytes);
        stream.Append(InputsAndOutputsBytes);
        stream.Append(LockTimeBytes);
        stream.FinishDouble(hash);
        return _ids = new Ids(new TxId(new Bytes32(hash)), new WtxId(whole));
    }

    private sealed record Ids(TxId TxId, WtxId WtxId);
}
