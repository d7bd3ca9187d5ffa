using System.Text;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary><c>rawtr</c>: a taproot output key as it is, of which it is not known what it was tweaked by (Bitcoin Core).</summary>
internal sealed class OutputKeyExpression(KeyExpression key) : ScriptExpression
{
    internal override IEnumerable<KeyExpression> Keys => [key];

    internal override Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index) =>
        key.Derive(index).Then<IReadOnlyList<DerivedScript>>(static derived => new[] { new DerivedScript(StandardScripts.P2tr(derived.Key.XOnly.Span)) { Keys = [derived] } });

    internal override ScriptExpression Select(int multipath) => new OutputKeyExpression(key.Select(multipath));

    internal override void Write(StringBuilder text, KeyForm form, BitcoinNetwork network) => WriteList(text, "rawtr", number: null, [key], form, network);
}
