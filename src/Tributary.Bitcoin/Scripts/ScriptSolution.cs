namespace Tributary.Bitcoin.Scripts;

/// <summary>What kind of output script it is and the keys or hashes in it, as views on the script's bytes.</summary>
/// <param name="Type">The form.</param>
/// <param name="Solutions">As <see cref="ScriptType"/> lists them for each form.</param>
public readonly record struct ScriptSolution(ScriptType Type, ReadOnlyMemory<ReadOnlyMemory<byte>> Solutions)
{
    /// <summary>The first solution: the only one of every form but multisig and unknown witness programs.</summary>
    public ReadOnlyMemory<byte> First => Solutions.IsEmpty ? default : Solutions.Span[0];

    /// <summary>Signatures that a multisig needs.</summary>
    public int RequiredSignatures => Type == ScriptType.Multisig ? First.Span[0] : 0;

    /// <summary>The keys of a multisig, in order.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Keys => Type == ScriptType.Multisig ? Solutions[1..^1] : default;
}
