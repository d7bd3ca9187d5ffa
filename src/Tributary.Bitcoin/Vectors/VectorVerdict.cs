namespace Tributary.Bitcoin.Vectors;

/// <summary>What came of one row.</summary>
internal readonly record struct VectorVerdict(bool IsPass, bool IsSkip, string Reason)
{
    internal static VectorVerdict Pass { get; } = new(IsPass: true, IsSkip: false, "");

    internal static VectorVerdict Skip(string reason) => new(IsPass: false, IsSkip: true, reason);

    internal static VectorVerdict Fail(string reason) => new(IsPass: false, IsSkip: false, reason);
}
