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
        var failures = new List<string>();
        for (var seed = first; seed < first + (Read("TRIBUTARY_SIMULATION_SEEDS") ?? Default) && failures.Count < FailuresMax; seed++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                new World(seed).Play();
            }
            catch (Exception exception)
            {
                failures.Add($"TRIBUTARY_SIMULATION_SEED={seed.ToString(CultureInfo.InvariantCulture)} dotnet run --project tests/Tributary.Lightning.Simulation.Tests\n{exception}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
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
