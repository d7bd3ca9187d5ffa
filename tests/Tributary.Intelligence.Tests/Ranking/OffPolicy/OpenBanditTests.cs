using System.IO.Compression;
using System.Text;
using Tributary.Intelligence.Ranking.OffPolicy;
using Tributary.Testing;

namespace Tributary.Intelligence.Tests.Ranking.OffPolicy;

/// <summary>
/// The uniform policy's value from the Bernoulli-TS log of the men's campaign. The fixture was computed apart from this code, with exact
/// fractions: over the 10,000 rows Σ 1/p = 320726.6327547405075200…, over the 69 rows with a click Σ 1/p = 1022.9329512672044300…;
/// IPW = (Σ click/p) / 34 / 10,000 and SNIPW = (Σ click/p) / (Σ 1/p), since every weight is (1/34)/p.
/// </summary>
public sealed class OpenBanditTests
{
    private const int Items = 34;

    private static readonly string[] Corpus =
    [
        "item_id,click,propensity_score\n1,0,0.5\n2,1,0.25\n",
        ",timestamp,item_id,position,click,propensity_score,user_feature_0\n0,x,2,2,0,0.045,y\n",
    ];

    [Fact]
    public void The_uniform_policy_is_valued_from_the_Bernoulli_TS_log_as_by_hand()
    {
        var log = Load("obd_bts_men.csv.gz");
        var uniform = new UniformPolicy(Items);
        Assert.Equal(10_000, log.Count);
        Assert.Equal(0.003008626327256483617788, OffPolicyEstimator.InversePropensity(log, uniform).Value, 1e-9);
        Assert.Equal(0.003189423162277392586016, OffPolicyEstimator.SelfNormalized(log, uniform).Value, 1e-9);
    }

    [Fact]
    public void On_the_uniform_log_the_uniform_policy_has_the_click_rate_as_value()
    {
        var log = Load("obd_random_men.csv.gz");
        Assert.Equal(46 / 10_000.0, OffPolicyEstimator.InversePropensity(log, new UniformPolicy(Items)).Value, 1e-9);
        Assert.Equal(46 / 10_000.0, OffPolicyEstimator.SelfNormalized(log, new UniformPolicy(Items)).Value, 1e-9);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("a,b,c\n", "line 1")]
    [InlineData("item_id,click,propensity_score\n", "rows")]
    [InlineData("item_id,click,propensity_score\n1,0", "line 2, column propensity_score")]
    [InlineData("item_id,click,propensity_score\n1,0,0.5\nx,0,0.5", "line 3, column item_id")]
    [InlineData("item_id,click,propensity_score\n1,yes,0.5", "line 2, column click")]
    [InlineData("item_id,click,propensity_score\n99,0,0.5", "rows[0].action")]
    [InlineData("item_id,click,propensity_score\n1,0,0", "rows[0].propensity")]
    [InlineData("item_id,click,propensity_score\n-1,0,0.5", "line 2, column item_id")]
    public void A_damaged_log_is_refused_with_its_place(string text, string field)
    {
        var result = OpenBanditReader.Read(new StringReader(text), Items);
        Assert.False(result.IsOk);
        Assert.Equal(field, result.Error.Field);
    }

    [Fact]
    public void Columns_are_found_by_name_in_any_order()
    {
        var log = OpenBanditReader.Read(new StringReader("x,propensity_score,click,item_id\r\n9,0.25,1,3\n\n9,0.5,0,2\n"), Items).Value;
        Assert.Equal([3, 2], log.Actions.ToArray());
        Assert.Equal([0.25, 0.5], log.Propensities.ToArray());
        Assert.Equal([1, 0], log.Rewards.ToArray());
    }

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Fuzz.Run(
            [.. Corpus.Select(text => Encoding.UTF8.GetBytes(text))],
            bytes => OpenBanditReader.Read(new StringReader(Encoding.UTF8.GetString(bytes)), Items),
            limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 16_384));

    private static LoggedChoices Load(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.Path("bandit/" + file)), CompressionMode.Decompress));
        return OpenBanditReader.Read(reader, Items).Value;
    }
}
