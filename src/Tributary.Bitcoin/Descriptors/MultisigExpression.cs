using System.Text;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary><c>multi</c> and <c>sortedmulti</c>: k of n keys (BIP 383); sorted as BIP 67 does.</summary>
internal sealed class MultisigExpression(int required, IReadOnlyList<KeyExpression> keys, bool isSorted) : ScriptExpression
{
    internal override IEnumerable<KeyExpression> Keys => keys;

    internal override Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index)
    {
        if (!DeriveAll(keys, index).TryGet(out var derived, out var refusal))
            return refusal;

        var inScript = isSorted ? derived.OrderBy(static key => key.Key) : derived.AsEnumerable();
        var script = StandardScripts.Multisig(required, inScript.Select(static key => key.Key.Memory.ToArray()).ToArray());
        return new[] { new DerivedScript(script) { Keys = [.. derived] } };
    }

    internal override ScriptExpression Select(int multipath) => new MultisigExpression(required, [.. keys.Select(key => key.Select(multipath))], isSorted);

    internal override void Write(StringBuilder text, KeyForm form, BitcoinNetwork network) =>
        WriteList(text, isSorted ? "sortedmulti" : "multi", required, keys, form, network);
}
