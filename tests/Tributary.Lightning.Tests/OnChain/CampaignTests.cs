using System.Globalization;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>
/// Random closes, each proven to the last output. <c>TRIBUTARY_ONCHAIN_CAMPAIGNS</c> runs more, <c>TRIBUTARY_ONCHAIN_SEED</c> the one that
/// failed.
/// </summary>
public sealed class CampaignTests
{
    private const int Default = 20;

    [Fact]
    public async Task Whoever_closes_however_the_miners_choose_the_money_ends_where_it_belongs()
    {
        if (Read("TRIBUTARY_ONCHAIN_SEED") is { } one)
        {
            await new Campaign(one).RunAsync();
            return;
        }

        var failures = new List<string>();
        for (var seed = 0; seed < (Read("TRIBUTARY_ONCHAIN_CAMPAIGNS") ?? Default) && failures.Count < 3; seed++)
        {
            try
            {
                await new Campaign(seed).RunAsync();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failures.Add($"TRIBUTARY_ONCHAIN_SEED={seed.ToString(CultureInfo.InvariantCulture)}: {exception}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static int? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
