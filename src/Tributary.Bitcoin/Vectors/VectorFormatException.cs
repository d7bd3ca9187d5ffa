namespace Tributary.Bitcoin.Vectors;

/// <summary>A row can't be run: it is malformed, or names a rule that Bitcoin does not have. Never leaves <see cref="VectorRunner"/>.</summary>
internal sealed class VectorFormatException(string message, bool isSkip = false) : Exception(message)
{
    internal bool IsSkip { get; } = isSkip;
}
