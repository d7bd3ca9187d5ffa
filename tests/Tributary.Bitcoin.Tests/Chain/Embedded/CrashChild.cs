using System.Runtime.CompilerServices;
using System.Text;

namespace Tributary.Bitcoin.Tests.Chain.Embedded;

/// <summary>
/// The other life of this program: started with a variable set (and <c>--help</c>, so that it runs no tests), it mines and sends on an
/// embedded chain until it is killed, and writes down what was acknowledged.
/// </summary>
internal static class CrashChild
{
    internal const string FolderVariable = "TRIBUTARY_CRASH_TEST_FOLDER";

    [ModuleInitializer]
    internal static void Begin()
    {
        // Nothing of this program runs before its initializer is done, so the work has a thread of its own; it keeps the process alive when
        // the test runner has said what it has to say.
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return;
        new Thread(() => LiveAsync(folder).GetAwaiter().GetResult()) { IsBackground = false }.Start();

        // The test runner ends the process some seconds after it has said its help; on a busy machine that comes before the work is done. A child whose
        // test is gone ends all the same.
        var late = new ManualResetEventSlim();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => late.Wait(TimeSpan.FromMinutes(5));
    }

    private static async Task LiveAsync(string folder)
    {
        await using var driver = new EmbeddedDriver(Path.Combine(folder, "chain"));
        await using var acknowledged = new FileStream(Path.Combine(folder, "acknowledged"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        while (true)
        {
            var transaction = (await driver.CoinAsync(CancellationToken.None)).Pay(fee: 1000);
            var verdict = (await driver.Source.BroadcastAsync(transaction, CancellationToken.None)).Value;
            await acknowledged.WriteAsync(Encoding.ASCII.GetBytes(verdict.IsAccepted ? $"transaction {transaction.TxId}\n" : $"{verdict}\n"));
            var tip = await driver.MineAsync(1, CancellationToken.None);
            await acknowledged.WriteAsync(Encoding.ASCII.GetBytes($"block {tip.Height} {tip.Hash}\n"));
        }
    }
}
