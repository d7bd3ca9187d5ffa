using System.Text;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary><c>addr</c> and <c>raw</c>: an output script as it is (BIP 385).</summary>
/// <param name="script">The script.</param>
/// <param name="address">The address it was written as, or null for hex.</param>
internal sealed class FixedScriptExpression(Script script, Address? address) : ScriptExpression
{
    internal override IEnumerable<KeyExpression> Keys => [];

    internal override bool IsSolvable => false;

    internal override Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index) => new[] { new DerivedScript(script) };

    internal override ScriptExpression Select(int multipath) => this;

    internal override void Write(StringBuilder text, KeyForm form, BitcoinNetwork network) =>
        text.Append(address is null ? $"raw({script.ToHex()})" : $"addr({address})");
}
