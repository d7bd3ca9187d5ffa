using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>A leaf of <c>tr</c>: <c>pk</c>, <c>pkh</c>, <c>multi_a</c> or <c>sortedmulti_a</c> (BIP 386, BIP 387).</summary>
/// <param name="Depth">Braces around it.</param>
/// <param name="Name">The function.</param>
/// <param name="Required">Signatures that a multisig takes; null for the others.</param>
/// <param name="Keys">In the order they are written.</param>
internal sealed record TaprootLeafExpression(int Depth, string Name, int? Required, IReadOnlyList<KeyExpression> Keys)
{
    internal Script ToScript(IReadOnlyList<DerivedKey> derived)
    {
        Bytes32[] keys = [.. derived.Select(static key => key.Key.XOnly)];
        return Name switch
        {
            "pk" => TapscriptTemplates.Key(keys[0]),
            "pkh" => TapscriptTemplates.KeyHash(keys[0]),
            "sortedmulti_a" => TapscriptTemplates.Multi(Required!.Value, [.. keys.Order()]),
            _ => TapscriptTemplates.Multi(Required!.Value, keys),
        };
    }
}
