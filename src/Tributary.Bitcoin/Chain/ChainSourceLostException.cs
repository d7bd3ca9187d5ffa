namespace Tributary.Bitcoin.Chain;

/// <summary>A stream of a chain source gave up: the source stayed away past the bound of retries. Broken I/O, not an answer.</summary>
public sealed class ChainSourceLostException(ChainError error) : IOException(error.Reason)
{
    /// <summary>The last error.</summary>
    public ChainError Error { get; } = error;
}
