using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Format;

/// <summary>Encoded records that go to storage together.</summary>
internal sealed class RecordBatch
{
    public ByteWriter Bytes { get; } = new(capacity: 4_096);

    /// <summary>The last record in the batch.</summary>
    public ulong LastSequence { get; set; }

    /// <summary>The chain value behind it.</summary>
    public Bytes32 LastChain { get; set; }

    public bool IsEmpty => Bytes.Length == 0;
}
