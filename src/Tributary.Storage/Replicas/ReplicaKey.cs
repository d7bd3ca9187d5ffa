namespace Tributary.Storage.Replicas;

/// <summary>The secret that replicas are encrypted with. Each file gets a key of its own from it.</summary>
public sealed class ReplicaKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;

    /// <summary>Copies 32 secret bytes, evenly distributed.</summary>
    public ReplicaKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A key takes {Length} bytes.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    internal ReadOnlySpan<byte> Span => _bytes;

    public override string ToString() => "replica key";
}
