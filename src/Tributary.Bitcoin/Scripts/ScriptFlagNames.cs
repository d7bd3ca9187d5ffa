using System.Collections.Frozen;

namespace Tributary.Bitcoin.Scripts;

/// <summary>The names of the flags in Bitcoin Core's test data ("P2SH", "DISCOURAGE_OP_SUCCESS").</summary>
public static class ScriptFlagNames
{
    private static readonly FrozenDictionary<string, ScriptFlags> s_byName = new Dictionary<string, ScriptFlags>(StringComparer.Ordinal)
    {
        ["P2SH"] = ScriptFlags.P2sh,
        ["STRICTENC"] = ScriptFlags.StrictEnc,
        ["DERSIG"] = ScriptFlags.DerSig,
        ["LOW_S"] = ScriptFlags.LowS,
        ["NULLDUMMY"] = ScriptFlags.NullDummy,
        ["SIGPUSHONLY"] = ScriptFlags.SigPushOnly,
        ["MINIMALDATA"] = ScriptFlags.MinimalData,
        ["DISCOURAGE_UPGRADABLE_NOPS"] = ScriptFlags.DiscourageUpgradableNops,
        ["CLEANSTACK"] = ScriptFlags.CleanStack,
        ["CHECKLOCKTIMEVERIFY"] = ScriptFlags.CheckLockTimeVerify,
        ["CHECKSEQUENCEVERIFY"] = ScriptFlags.CheckSequenceVerify,
        ["WITNESS"] = ScriptFlags.Witness,
        ["DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM"] = ScriptFlags.DiscourageUpgradableWitnessProgram,
        ["MINIMALIF"] = ScriptFlags.MinimalIf,
        ["NULLFAIL"] = ScriptFlags.NullFail,
        ["WITNESS_PUBKEYTYPE"] = ScriptFlags.WitnessPubKeyType,
        ["CONST_SCRIPTCODE"] = ScriptFlags.ConstScriptCode,
        ["TAPROOT"] = ScriptFlags.Taproot,
        ["DISCOURAGE_UPGRADABLE_TAPROOT_VERSION"] = ScriptFlags.DiscourageUpgradableTaprootVersion,
        ["DISCOURAGE_OP_SUCCESS"] = ScriptFlags.DiscourageOpSuccess,
        ["DISCOURAGE_UPGRADABLE_PUBKEYTYPE"] = ScriptFlags.DiscourageUpgradablePubKeyType,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every single flag.</summary>
    public static IReadOnlyList<ScriptFlags> Each { get; } = [.. s_byName.Values.Order()];

    /// <summary>The flag of a name.</summary>
    public static bool TryParse(string name, out ScriptFlags flag) => s_byName.TryGetValue(name, out flag);

    /// <summary>The names, separated by commas; "NONE" for none.</summary>
    public static string GetNames(this ScriptFlags flags) =>
        flags == ScriptFlags.None ? "NONE" : string.Join(',', s_byName.Where(pair => flags.HasFlag(pair.Value)).OrderBy(pair => pair.Value).Select(pair => pair.Key));

    /// <summary>Removes what may not stand without what is missing.</summary>
    public static ScriptFlags WithoutOrphans(this ScriptFlags flags)
    {
        if ((flags & ScriptFlags.P2sh) == ScriptFlags.None)
            flags &= ~ScriptFlags.Witness;
        if ((flags & ScriptFlags.Witness) == ScriptFlags.None)
            flags &= ~ScriptFlags.CleanStack;
        return flags;
    }

    /// <summary>Adds what the others need.</summary>
    public static ScriptFlags WithPrerequisites(this ScriptFlags flags)
    {
        if ((flags & ScriptFlags.CleanStack) != ScriptFlags.None)
            flags |= ScriptFlags.Witness;
        if ((flags & ScriptFlags.Witness) != ScriptFlags.None)
            flags |= ScriptFlags.P2sh;
        return flags;
    }
}
