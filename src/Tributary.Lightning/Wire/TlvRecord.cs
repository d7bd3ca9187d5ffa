namespace Tributary.Lightning.Wire;

/// <summary>One record of a TLV stream: a type and the bytes of its value.</summary>
public readonly record struct TlvRecord(ulong Type, ReadOnlyMemory<byte> Value)
{
    /// <summary>True when a reader that does not know the type has to refuse the stream ("it's ok to be odd").</summary>
    public bool IsRequired => (Type & 1) == 0;
}
