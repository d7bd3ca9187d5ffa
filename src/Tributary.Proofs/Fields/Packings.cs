namespace Tributary.Proofs.Fields;

/// <summary>What this processor can run.</summary>
public static class Packings
{
    /// <summary>The widest packing that the processor has.</summary>
    public static Packing Best =>
        PackedField512.IsSupported ? Packing.Vector512 : PackedField256.IsSupported ? Packing.Vector256 : Packing.Scalar;

    /// <summary>Every packing that the processor has, narrowest first.</summary>
    public static IReadOnlyList<Packing> Supported { get; } =
        [.. Enum.GetValues<Packing>().Where(packing => packing <= Best)];
}
