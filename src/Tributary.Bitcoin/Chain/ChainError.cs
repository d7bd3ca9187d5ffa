namespace Tributary.Bitcoin.Chain;

/// <summary>Why a chain source could not answer.</summary>
/// <param name="Kind">What a program decides by.</param>
/// <param name="Reason">What a person reads: what happened and what to do.</param>
public sealed record ChainError(ChainErrorKind Kind, string Reason)
{
    public override string ToString() => $"{Kind}: {Reason}";
}
