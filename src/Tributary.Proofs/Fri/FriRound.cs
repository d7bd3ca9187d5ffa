namespace Tributary.Proofs.Fri;

/// <summary>One folding step: from degree below 2^LogHeight to below 2^(LogHeight − LogArity), where the codewords of that height join in.</summary>
internal readonly record struct FriRound(int LogHeight, int LogArity, bool JoinsCodeword)
{
    /// <summary>Height after the step.</summary>
    public int LogFolded => LogHeight - LogArity;

    /// <summary>Values in a leaf.</summary>
    public int Arity => 1 << LogArity;
}
