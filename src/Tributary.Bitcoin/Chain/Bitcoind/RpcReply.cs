using System.Text.Json;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>What bitcoind answered: a result or a fault. Whether the result has the expected shape is for the reader to say.</summary>
/// <param name="Result">The result; <see cref="JsonValueKind.Null"/> or undefined beside a fault.</param>
/// <param name="Fault">The fault, or null.</param>
public readonly record struct RpcReply(JsonElement Result, RpcFault? Fault)
{
    /// <summary>True for a result.</summary>
    public bool IsOk => Fault is null;
}
