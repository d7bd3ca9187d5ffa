using System.CommandLine;

namespace Tributary.Cli.Bitcoin;

/// <summary><c>tributary bitcoin</c>: what can be asked of the Bitcoin layer itself.</summary>
internal static class BitcoinCommand
{
    internal static Command Create() =>
        new("bitcoin", "Check Tributary's Bitcoin rules.")
        {
            VectorsCommand.Create(),
        };
}
