using System.Text.Json.Nodes;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>A call of bitcoind's JSON-RPC interface.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Parameters">Its parameters by position; null leaves one at its default.</param>
public sealed record RpcCall(string Method, params IReadOnlyList<JsonNode?> Parameters)
{
    /// <summary>The answer's size in bytes past which it is refused.</summary>
    public int AnswerBytesMax { get; init; } = 1 << 20;
}
