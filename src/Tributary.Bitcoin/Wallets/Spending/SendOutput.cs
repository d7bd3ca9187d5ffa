using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Spending;

/// <summary>Who is paid, and what.</summary>
/// <param name="ScriptPubKey">The output's script.</param>
/// <param name="Amount">How much; null pays everything that is left, at most one output may.</param>
/// <param name="TakesFee">The fee is taken from this amount instead of being added; shared by all outputs that say so.</param>
public sealed record SendOutput(Script ScriptPubKey, Satoshis? Amount, bool TakesFee = false)
{
    /// <summary>Pays an amount to an address.</summary>
    public static SendOutput To(Address address, Satoshis amount, bool takesFee = false) => new(address.ScriptPubKey, amount, takesFee);

    /// <summary>Pays all that is left to an address.</summary>
    public static SendOutput AllTo(Address address) => new(address.ScriptPubKey, Amount: null);
}
