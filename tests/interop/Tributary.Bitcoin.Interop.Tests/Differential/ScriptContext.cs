using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Where a script stands.</summary>
internal enum ScriptContext
{
    Bare,
    P2sh,
    P2wsh,
    P2shP2wsh,
    Tapscript,
}

internal static class ScriptContextExtensions
{
    private static readonly TestKey s_internalKey = new(0);

    public static bool IsWitness(this ScriptContext context) => context is ScriptContext.P2wsh or ScriptContext.P2shP2wsh;

    /// <summary>An output that a script locks, directly or by its hash, and the arguments that unlock it, bottom first.</summary>
    public static OutputLock Lock(this ScriptContext context, string name, Script script, Func<UnlockContext, byte[][]> arguments)
    {
        name = $"{context}: {name}";
        switch (context)
        {
            case ScriptContext.Bare:
                return new OutputLock(name, script, unlock => unlock.Input.ScriptSig = StandardLocks.Pushes(arguments(unlock)));
            case ScriptContext.P2sh:
                return new OutputLock(name, StandardScripts.P2shOf(script), unlock =>
                    unlock.Input.ScriptSig = [.. StandardLocks.Pushes(arguments(unlock)), .. PushOf(script)]);
            case ScriptContext.P2wsh:
                return new OutputLock(name, StandardScripts.P2wshOf(script), unlock => unlock.Input.Witness = [.. arguments(unlock), script.ToArray()]);
            case ScriptContext.P2shP2wsh:
                var program = StandardScripts.P2wshOf(script);
                return new OutputLock(name, StandardScripts.P2shOf(program), unlock =>
                {
                    unlock.Input.ScriptSig = PushOf(program);
                    unlock.Input.Witness = [.. arguments(unlock), script.ToArray()];
                });
            default:
                var leaf = new TapLeaf(s_internalKey, script, new Chance(0));
                return new OutputLock(name, leaf.Output, unlock => unlock.Input.Witness = [.. arguments(unlock), script.ToArray(), leaf.ControlBlock]);
        }
    }

    // A redeem script of one byte would else become a number.
    private static byte[] PushOf(Script script) => script.Length == 0 ? [0] : new ScriptBuilder().Push(script.Span).Build().ToArray();
}
