using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Anchoring;

/// <summary>The outputs that anchoring makes.</summary>
public static class AnchorOutputs
{
    /// <summary>What an anchor holds: well above what nodes call dust, and handed on from anchor to anchor.</summary>
    public static Satoshis AnchorValue => new(1_000);

    /// <summary>The anchor: the operator's key alone spends it.</summary>
    public static Script Anchor(Bytes32 operatorKey) => Tweaked(operatorKey, null).ScriptPubKey;

    /// <summary>The output that commits to an envelope; spending it shows the envelope.</summary>
    public static TaprootOutput Commitment(Envelope envelope) =>
        Tweaked(envelope.Key, TaprootTree.Create(new TaprootLeafScript(0, envelope.Build())));

    private static TaprootOutput Tweaked(Bytes32 key, TaprootTree? tree) =>
        TaprootOutput.Create(key, tree).TryGet(out var output, out var refusal) ? output : throw new ArgumentException(refusal.ToString(), nameof(key));
}
