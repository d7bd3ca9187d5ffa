namespace Tributary.Testing.Bitcoind;

/// <summary>bitcoind answered a test's call with an error.</summary>
public sealed class BitcoindRpcException(string method, int code, string message) : Exception($"{method}: {message} (code {code})")
{
    /// <summary>The code, as in Bitcoin Core's <c>src/rpc/protocol.h</c>.</summary>
    public int Code { get; } = code;
}
