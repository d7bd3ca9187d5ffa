namespace Tributary.Primitives.Results;

/// <summary>
/// Why an input was not taken: the field at fault and a reason that a person can act on. Never carries secret material.
/// </summary>
/// <param name="Field">The part of the input at fault, in the input's own terms ("checksum", "outputs[2].amount").</param>
/// <param name="Reason">What is wrong with it and, where there is one, what to do.</param>
public sealed record Refusal(string Field, string Reason)
{
    public override string ToString() => $"{Field}: {Reason}";
}
