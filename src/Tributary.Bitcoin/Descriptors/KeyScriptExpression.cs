using System.Text;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary><c>pk</c>, <c>pkh</c>, <c>wpkh</c> and <c>combo</c>: scripts of one key (BIP 381, BIP 382, BIP 384).</summary>
internal sealed class KeyScriptExpression(KeyScriptExpression.Function function, KeyExpression key) : ScriptExpression
{
    internal enum Function
    {
        Pk,
        Pkh,
        Wpkh,
        Combo,
    }

    internal override IEnumerable<KeyExpression> Keys => [key];

    internal override Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index)
    {
        if (!key.Derive(index).TryGet(out var derived, out var refusal))
            return refusal;

        var bytes = derived.Key.Span;
        var hash = derived.Key.Hash160;
        DerivedScript With(Script script) => new(script) { Keys = [derived] };
        return function switch
        {
            Function.Pk => new[] { With(StandardScripts.P2pk(bytes)) },
            Function.Pkh => new[] { With(StandardScripts.P2pkh(hash)) },
            Function.Wpkh => new[] { With(StandardScripts.P2wpkh(hash)) },
            _ when !derived.Key.IsCompressed => new[] { With(StandardScripts.P2pk(bytes)), With(StandardScripts.P2pkh(hash)) },
            _ => new[]
            {
                With(StandardScripts.P2pk(bytes)),
                With(StandardScripts.P2pkh(hash)),
                With(StandardScripts.P2wpkh(hash)),
                With(StandardScripts.P2shOf(StandardScripts.P2wpkh(hash))) with { RedeemScript = StandardScripts.P2wpkh(hash) },
            },
        };
    }

    internal override ScriptExpression Select(int multipath) => new KeyScriptExpression(function, key.Select(multipath));

    internal override void Write(StringBuilder text, KeyForm form, BitcoinNetwork network) =>
        WriteList(text, function.ToString().ToLowerInvariant(), number: null, [key], form, network);
}
