using System.Diagnostics;
using System.Globalization;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Errors;
using Tributary.Storage.Replicas;

namespace Tributary.Storage.Tests.Crashes;

/// <summary>A log whose process is killed at random moments. <c>TRIBUTARY_CRASH_ROUNDS</c> kills it more often.</summary>
public sealed class KillTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_killed_process_acknowledged_is_in_the_log_and_in_its_replica()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_CRASH_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 5;
        var random = new Xoshiro256((ulong)Environment.ProcessId);
        var folder = Directory.CreateTempSubdirectory("tributary-kill-").FullName;
        try
        {
            var acknowledged = new ulong[KillChild.Writers];
            for (var round = 0; round < rounds; round++)
            {
                await LiveAsync(folder, round % 2 == 0 ? "begun" : KillChild.Acknowledged, (int)(random.NextUInt64() % 200), acknowledged);
                CheckReplica(folder, acknowledged);
                var state = new KillState();
                await using var log = KillChild.Open(folder, state);
                Check(state, acknowledged);
                for (var writer = 0; writer < acknowledged.Length; writer++)
                    acknowledged[writer] = state[writer];
            }

            Assert.True(rounds < 2 || acknowledged.Any(static number => number > 0));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void CheckReplica(string folder, ulong[] acknowledged)
    {
        var options = KillChild.Options(folder);
        var state = new KillState();
        if (ReplicaReader.Open(options.Replica!.Directory, KillChild.Key, options.Purpose).TryGet(out var copy, out var error))
            Assert.Null(copy.Replay(state));
        else
            Assert.Equal(StorageErrorKind.Missing, error.Kind); // Killed before its first word.
        Check(state, acknowledged);
    }

    private static void Check(KillState state, ulong[] acknowledged)
    {
        Assert.False(state.IsHalf);
        for (var writer = 0; writer < acknowledged.Length; writer++)
            Assert.True(state[writer] >= acknowledged[writer], $"Writer {writer} was told of {acknowledged[writer]}; there is {state[writer]}.");
    }

    /// <summary>Starts the child and kills it a while after a line that begins with a word; reads what it still said.</summary>
    private static async Task LiveAsync(string folder, string firstWord, int milliseconds, ulong[] acknowledged)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) is "dotnet")
            start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        start.ArgumentList.Add("--help");
        start.Environment[KillChild.FolderVariable] = folder;
        using var child = Process.Start(start)!;
        Task? kill = null;
        while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            kill ??= line.StartsWith(firstWord, StringComparison.Ordinal) ? KillAsync(child, milliseconds) : null;
            if (!line.StartsWith(KillChild.Acknowledged, StringComparison.Ordinal))
                continue;
            var parts = line[KillChild.Acknowledged.Length..].Split(' ');
            acknowledged[int.Parse(parts[0])] = ulong.Parse(parts[1]);
        }

        Assert.NotNull(kill);
        await kill;
        await child.WaitForExitAsync(Cancellation);
    }

    private static async Task KillAsync(Process child, int milliseconds)
    {
        await Task.Delay(milliseconds, Cancellation);
        child.Kill();
    }
}
