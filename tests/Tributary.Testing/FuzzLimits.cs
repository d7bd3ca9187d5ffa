namespace Tributary.Testing;

/// <summary>What one run on an input of n bytes may allocate: <c>n × BytesPerInputByte + Bytes</c>. The default holds for a reader that copies its input a few times.</summary>
/// <param name="BytesPerInputByte">Allocated bytes allowed for each byte of input.</param>
/// <param name="Bytes">Allocated bytes allowed in any case.</param>
/// <param name="InputBytesMax">Mutated inputs are cut to this length.</param>
public sealed record FuzzLimits(int BytesPerInputByte = 16, int Bytes = 4096, int InputBytesMax = 8192)
{
    /// <summary>For a reader that must not allocate at all.</summary>
    public static FuzzLimits NoAllocation { get; } = new(BytesPerInputByte: 0, Bytes: 0);
}
