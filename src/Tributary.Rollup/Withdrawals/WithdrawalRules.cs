using Tributary.Bitcoin.Scripts;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Withdrawals;

/// <summary>Which withdrawals the vault can pay: Bitcoin's nodes relay no dust and no unknown scripts, and one of them would hold up all that it is paid with.</summary>
public static class WithdrawalRules
{
    /// <summary>The least that is paid out.</summary>
    public static Satoshis AmountMin => new(1_000);

    /// <summary>Why a withdrawal can't be paid; null where it can. A wallet asks before it signs: what is withdrawn has left the rollup, payable or not.</summary>
    public static Refusal? Check(AssetId asset, Amount amount, ReadOnlyMemory<byte> script)
    {
        if (asset != AssetId.Bitcoin)
            return new Refusal("asset", "is not bitcoin");
        if (amount.Units < (UInt128)AmountMin.Value)
            return new Refusal("amount", $"is below {AmountMin}, the least that is paid out");
        return StandardScripts.Classify(new Script(script)).Type is ScriptType.PubKeyHash or ScriptType.ScriptHash or ScriptType.WitnessV0KeyHash
            or ScriptType.WitnessV0ScriptHash or ScriptType.WitnessV1Taproot
            ? null
            : new Refusal("script", "is of no form that Bitcoin's nodes relay payments to");
    }
}
