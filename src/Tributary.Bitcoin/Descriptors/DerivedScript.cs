using System.Collections.Immutable;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>An output script that a descriptor derived, with all that spending it takes but the signatures.</summary>
public sealed record DerivedScript(Script ScriptPubKey)
{
    /// <summary>The script behind P2SH.</summary>
    public Script? RedeemScript { get; init; }

    /// <summary>The script behind P2WSH.</summary>
    public Script? WitnessScript { get; init; }

    /// <summary>The taproot output, where it is one with a known internal key.</summary>
    public TaprootOutput? Taproot { get; init; }

    /// <summary>The keys in it, with their origins; the internal key first for taproot.</summary>
    public ImmutableArray<DerivedKey> Keys { get; init; } = [];

    /// <summary>Puts scripts, keys and origins into a PSBT's input.</summary>
    public PsbtInput Update(PsbtInput input) => IsTaproot
        ? input with
        {
            TaprootInternalKey = Taproot?.InternalKey ?? input.TaprootInternalKey,
            TaprootMerkleRoot = Taproot?.Tree?.Root ?? input.TaprootMerkleRoot,
            TaprootLeaves = input.TaprootLeaves.Union(Leaves()),
            TaprootDerivations = input.TaprootDerivations.SetItems(TaprootOrigins()),
        }
        : input with
        {
            RedeemScript = RedeemScript ?? input.RedeemScript,
            WitnessScript = WitnessScript ?? input.WitnessScript,
            Bip32Derivations = input.Bip32Derivations.SetItems(Keys.Select(static key => KeyValuePair.Create(key.Key, key.Origin))),
        };

    /// <summary>Puts scripts, keys and origins into a PSBT's output, by which a signer recognises change.</summary>
    public PsbtOutput Update(PsbtOutput output) => IsTaproot
        ? output with
        {
            TaprootInternalKey = Taproot?.InternalKey ?? output.TaprootInternalKey,
            TaprootTree = Taproot?.Tree is { } tree ? [.. tree.Leaves.Select(static leaf => new TaprootTreeLeaf((byte)leaf.Depth, leaf.Version, leaf.Script))] : output.TaprootTree,
            TaprootDerivations = output.TaprootDerivations.SetItems(TaprootOrigins()),
        }
        : output with
        {
            RedeemScript = RedeemScript ?? output.RedeemScript,
            WitnessScript = WitnessScript ?? output.WitnessScript,
            Bip32Derivations = output.Bip32Derivations.SetItems(Keys.Select(static key => KeyValuePair.Create(key.Key, key.Origin))),
        };

    private bool IsTaproot => StandardScripts.Classify(ScriptPubKey).Type == ScriptType.WitnessV1Taproot;

    private IEnumerable<TaprootLeaf> Leaves() =>
        Taproot?.Tree is { } tree
            ? tree.Leaves.Select((leaf, i) => new TaprootLeaf(Taproot.ControlBlock(i), leaf.Script, leaf.Version))
            : [];

    private IEnumerable<KeyValuePair<Bytes32, TaprootKeyOrigin>> TaprootOrigins()
    {
        foreach (var key in Keys.DistinctBy(static key => key.Key.XOnly))
        {
            var leaves = Taproot?.Tree?.Leaves.Where(leaf => Uses(leaf.Script, key.Key.XOnly)).Select(static leaf => leaf.Hash) ?? [];
            yield return KeyValuePair.Create(key.Key.XOnly, new TaprootKeyOrigin([.. leaves.Order()], key.Origin));
        }
    }

    private static bool Uses(Script script, Bytes32 key) => script.Span.IndexOf(key.Span) >= 0 || script.Span.IndexOf(TapscriptTemplates.HashOf(key)) >= 0;
}
