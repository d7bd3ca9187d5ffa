using System.Globalization;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>
/// Whole lives of small worlds. <c>TRIBUTARY_SIMULATION_SEEDS</c> plays more of them, <c>TRIBUTARY_SIMULATION_SEED</c> the one that failed,
/// <c>TRIBUTARY_SIMULATION_WORKERS</c> so many at once, <c>TRIBUTARY_SIMULATION_HARSH=1</c> lets mempools fill up and nights pass, and <c>TRIBUTARY_SIMULATION_STORY</c> names a file that takes what happened in it.
/// </summary>
public sealed class SimulationTests
{
    private const ulong Default = 200;
    private const ulong DefaultHarsh = 60;
    private const int FailuresMax = 3;

    private static readonly string[] s_expected =
    [
        "payments made", "payments failed", "closed together", "closed by force", "HTLCs resolved on chain", "revoked states punished", "channels of restored nodes",
        "channels restored with HTLCs under way", "reorganisations", "reorganised closes", "lost connections", "handshakes cut", "power failures", "killed processes",
    ];

    private static bool IsHarsh => Read("TRIBUTARY_SIMULATION_HARSH") is 1;

    [Fact]
    public void Whatever_fails_and_whoever_cheats_every_satoshi_is_where_it_belongs()
    {
        if (Read("TRIBUTARY_SIMULATION_SEED") is { } one)
        {
            var world = new World(one, traces: true, IsHarsh);

            // What a node failed for may be thrown where nobody waits for it.
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => world.Explain(thrown.Exception.ToString());
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

        var seeds = Read("TRIBUTARY_SIMULATION_SEEDS") ?? Default;
        var campaign = new Campaign(Read("TRIBUTARY_SIMULATION_FIRST") ?? 1, seeds, IsHarsh, (int)(Read("TRIBUTARY_SIMULATION_FAILURES") ?? FailuresMax));
        campaign.Run((int)(Read("TRIBUTARY_SIMULATION_WORKERS") ?? 1), TestContext.Current.CancellationToken);
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', campaign.Tally.Select(static one => $"{one.Value,8} {one.Key}")));
        Assert.True(campaign.Failures.Count == 0, string.Join("\n\n", campaign.Failures));
        Assert.Equal(seeds, campaign.Done);

        // A campaign in which one of these never happens proves nothing of it.
        if (seeds >= Default)
            Assert.All(s_expected, what => Assert.True(campaign.Tally.GetValueOrDefault(what) > 0, $"Nothing of this has happened: {what}."));
    }

    [Fact]
    public void So_it_is_where_mempools_fill_up_and_nights_pass()
    {
        if (Read("TRIBUTARY_SIMULATION_SEED") is not null || Read("TRIBUTARY_SIMULATION_SEEDS") is not null)
            return;
        var campaign = new Campaign(1, DefaultHarsh, isHarsh: true, FailuresMax);
        campaign.Run(1, TestContext.Current.CancellationToken);
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Assert.True(campaign.Failures.Count == 0, string.Join("\n\n", campaign.Failures));
        Assert.Equal(DefaultHarsh, campaign.Done);
        Assert.All(["nights", "full mempools"], what => Assert.True(campaign.Tally.GetValueOrDefault(what) > 0, $"Nothing of this has happened: {what}."));
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
