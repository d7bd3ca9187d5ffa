using System.Text;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary><c>sh</c> and <c>wsh</c>: the hash of another expression's script (BIP 381, BIP 382).</summary>
internal sealed class WrappedExpression(ScriptExpression inner, bool isWitness) : ScriptExpression
{
    internal override IEnumerable<KeyExpression> Keys => inner.Keys;

    internal override Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index)
    {
        if (!inner.Derive(index).TryGet(out var scripts, out var refusal))
            return refusal;

        return scripts.Select(script => isWitness
            ? script with { ScriptPubKey = StandardScripts.P2wshOf(script.ScriptPubKey), WitnessScript = script.ScriptPubKey }
            : script with { ScriptPubKey = StandardScripts.P2shOf(script.ScriptPubKey), RedeemScript = script.ScriptPubKey }).ToArray();
    }

    internal override ScriptExpression Select(int multipath) => new WrappedExpression(inner.Select(multipath), isWitness);

    internal override void Write(StringBuilder text, KeyForm form, BitcoinNetwork network)
    {
        text.Append(isWitness ? "wsh(" : "sh(");
        inner.Write(text, form, network);
        text.Append(')');
    }
}
