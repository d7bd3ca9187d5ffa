using Tributary.Payments.Intents;

namespace Tributary.Payments.Storage;

/// <summary>Commands as rows.</summary>
internal static class RailCommandCodec
{
    public static string KindOf(RailCommand command) => command switch
    {
        RailCommand.Settle => "settle",
        RailCommand.Release => "release",
        RailCommand.Withdraw => "withdraw",
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    public static RailCommand Read(string kind, string attemptId, long amount) => kind switch
    {
        "settle" => new RailCommand.Settle(attemptId, amount),
        "release" => new RailCommand.Release(attemptId),
        "withdraw" => new RailCommand.Withdraw(attemptId),
        _ => throw new InvalidOperationException($"A rail command of an unknown kind '{kind}': a newer version of the program wrote it."),
    };
}
