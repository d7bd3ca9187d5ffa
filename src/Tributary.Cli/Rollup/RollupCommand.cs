using System.CommandLine;
using Tributary.Cli.Rollup.Swaps;
using Tributary.Cli.Rollup.Wallets;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup</c>: run a rollup, hold money in one, and check one as a stranger.</summary>
internal static class RollupCommand
{
    /// <summary>The folder of operator, wallet or verifier.</summary>
    internal static Option<string> Data { get; } = new("--data")
    {
        Description = "The folder that the command works in.",
        DefaultValueFactory = static _ => DefaultDataFolder(),
        Recursive = true,
    };

    internal static Command Create(TimeProvider clock)
    {
        var command = new Command("rollup", "Run a rollup, hold money in one, and check one as a stranger.")
        {
            InitCommand.Create(clock),
            RunCommand.Create(clock),
            StatusCommand.Create(),
            ProveCommand.Create(clock),
            VerifyCommand.Create(clock),
            VerifyCommand.CreateMirror(clock),
            WalletCommand.Create(clock),
            SendCommand.Create(clock),
            DepositCommand.Create(clock),
            SwapCommand.Create(clock),
            PostCommand.CreateClaim(clock),
            PostCommand.CreateRefund(clock),
            BumpCommand.Create(clock),
            SendCommand.CreateWithdraw(clock),
        };
        command.Add(Data);
        return command;
    }

    /// <summary>By the XDG base directory specification.</summary>
    private static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "tributary", "rollup");
}
