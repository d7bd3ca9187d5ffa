using System.Globalization;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>
/// Whole lives of small worlds. <c>TRIBUTARY_SIMULATION_SEEDS</c> plays more of them, <c>TRIBUTARY_SIMULATION_SEED</c> the one that failed, and
/// <c>TRIBUTARY_SIMULATION_STORY</c> names a file that takes what happened in it.
/// </summary>
public sealed class SimulationTests
{
    private const ulong Default = 200;
    private const int FailuresMax = 3;

    [Fact]
    public void Whatever_fails_and_whoever_cheats_every_satoshi_is_where_it_belongs()
    {
        if (Read("TRIBUTARY_SIMULATION_SEED") is { } one)
        {
            var world = new World(one, traces: true);
            try
            {
                world.Play();
            }
            finally
            {
                if (Environment.GetEnvironmentVariable("TRIBUTARY_SIMULATION_STORY") is { Length: > 0 } path)
                    File.WriteAllText(path, world.Story);
            }

            return;
        }

        var first = Read("TRIBUTARY_SIMULATION_FIRST") ?? 1;
        var seeds = Read("TRIBUTARY_SIMULATION_SEEDS") ?? Default;
        var tally = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var failures = new List<string>();
        for (var seed = first; seed < first + seeds && failures.Count < FailuresMax; seed++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                var world = new World(seed);
                world.Play();
                foreach (var (what, times) in world.Tally)
                    tally[what] = tally.GetValueOrDefault(what) + times;
            }
            catch (Exception exception)
            {
                failures.Add($"TRIBUTARY_SIMULATION_SEED={seed.ToString(CultureInfo.InvariantCulture)} dotnet run --project tests/Tributary.Lightning.Simulation.Tests -- --filter-method '*every_satoshi*'\n{exception}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', tally.Select(static one => $"{one.Value,8} {one.Key}")));
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));

        // A campaign in which one of these never happens proves nothing of it.
        string[] expected =
        [
            "payments made", "payments failed", "closed together", "closed by force", "HTLCs resolved on chain", "revoked states punished", "channels of restored nodes",
            "reorganisations", "lost connections", "power failures", "killed processes", "full mempools", "nights",
        ];
        if (seeds >= Default)
            Assert.All(expected, what => Assert.True(tally.GetValueOrDefault(what) > 0, $"Nothing of this has happened: {what}."));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(21)]
    public void A_seed_tells_the_same_story_each_time(ulong seed)
    {
        var (first, second) = (new World(seed), new World(seed));
        first.Play();
        second.Play();
        Assert.Equal(first.Digest, second.Digest);
    }

    private static ulong? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
