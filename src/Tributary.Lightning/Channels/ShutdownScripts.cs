using Tributary.Bitcoin.Scripts;

namespace Tributary.Lightning.Channels;

/// <summary>Where a channel may be closed to (BOLT 2, <c>shutdown</c>).</summary>
public static class ShutdownScripts
{
    /// <summary>P2WPKH, P2WSH, and with option_shutdown_anysegwit every later witness program of 2 to 40 bytes.</summary>
    public static bool IsAllowed(Script script, bool anySegwit) =>
        script.IsWitnessProgram(out var version, out var program)
        && (version == 0 ? program.Length is 20 or 32 : anySegwit && version is >= 1 and <= 16 && program.Length is >= 2 and <= 40);
}
