using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Scripts.Execution;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Taproot;

/// <summary>A script of a taproot tree.</summary>
/// <param name="Depth">Steps from the root: 0 for the only leaf.</param>
/// <param name="Script">The script.</param>
/// <param name="Version">Even; 0xc0 for tapscript (BIP 342).</param>
public sealed record TaprootLeafScript(int Depth, Script Script, byte Version = TaprootLeafScript.TapscriptVersion)
{
    /// <summary>The leaf version of BIP 342.</summary>
    public const byte TapscriptVersion = TaprootCommitment.TapscriptLeafVersion;

    /// <summary>The leaf's hash.</summary>
    public Bytes32 Hash => TaprootCommitment.LeafHash(Version, Script.Span);

    /// <summary>What a tapscript pushes that is as long as its keys, in order and once each.</summary>
    public static IReadOnlyList<Bytes32> KeysOf(Script script)
    {
        var keys = new List<Bytes32>();
        var reader = new ScriptReader(script.Span);
        while (reader.TryReadNext(out _, out var push))
        {
            if (push.Length == Bytes32.Length && new Bytes32(push) is var key && !keys.Contains(key))
                keys.Add(key);
        }

        return keys;
    }
}
