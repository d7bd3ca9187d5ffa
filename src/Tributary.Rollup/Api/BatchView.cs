namespace Tributary.Rollup.Api;

/// <summary>A batch that was closed.</summary>
/// <param name="Number">Its number.</param>
/// <param name="State">"closed", "anchored" or "proven".</param>
/// <param name="Height">Rollup time.</param>
/// <param name="RootBefore">The state that it begins with.</param>
/// <param name="RootAfter">The state that it leaves.</param>
/// <param name="Segments">How many proofs it takes.</param>
/// <param name="BodyBytes">Bytes of its body.</param>
public sealed record BatchView(ulong Number, string State, uint Height, string RootBefore, string RootAfter, int Segments, int BodyBytes);
