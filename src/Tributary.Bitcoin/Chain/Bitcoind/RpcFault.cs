namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>An error that bitcoind itself answered with.</summary>
/// <param name="Code">The code, as in Bitcoin Core's <c>src/rpc/protocol.h</c>.</param>
/// <param name="Message">What it says.</param>
public sealed record RpcFault(int Code, string Message)
{
    /// <summary>No such method in this version.</summary>
    internal const int MethodNotFound = -32601;

    /// <summary>A general refusal: a pruned block, for one.</summary>
    internal const int Misc = -1;

    /// <summary>No such block or transaction.</summary>
    internal const int NotFound = -5;

    /// <summary>A parameter out of range.</summary>
    internal const int InvalidParameter = -8;

    /// <summary>bitcoind is starting.</summary>
    internal const int InWarmup = -28;

    /// <summary>The transaction could not be decoded.</summary>
    internal const int Deserialization = -22;

    /// <summary>A transaction's inputs are missing or spent.</summary>
    internal const int VerifyError = -25;

    /// <summary>The mempool refuses a transaction.</summary>
    internal const int VerifyRejected = -26;

    /// <summary>The transaction is confirmed.</summary>
    internal const int AlreadyInChain = -27;

    public override string ToString() => $"{Message} (code {Code})";
}
