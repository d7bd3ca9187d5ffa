using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;

namespace Tributary.Payments.Tests.Quotes;

public sealed class FilePriceSourceTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("tributary-prices-").FullName, "prices.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Prices_are_read_exactly_and_carry_the_files_time()
    {
        Write("""{ "eur": "67123.45", "JPY": 9900000, "kwd": "20511.123456", "usd": 70000.5 }""");
        var source = new FilePriceSource(_path);
        Assert.Null(source.Refresh());
        Assert.Equal(6_712_345_000, Price(source, "eur"));
        Assert.Equal(9_900_000_000, Price(source, "jpy"));
        Assert.Equal(20_511_123_456, Price(source, "kwd"));
        Assert.Equal(7_000_050_000, Price(source, "usd"));
        Assert.Null(source.Find(Currency.Of("gbp")));
        Assert.Equal(new DateTimeOffset(File.GetLastWriteTimeUtc(_path), TimeSpan.Zero), source.Find(Currency.Of("eur"))!.Value.At);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{ "eur": "0" }""")]
    [InlineData("""{ "eur": "-1" }""")]
    [InlineData("""{ "eur": "1e5" }""")]
    [InlineData("""{ "eur": "1.123456" }""")]
    [InlineData("""{ "eur": "1." }""")]
    [InlineData("""{ "eur": "" }""")]
    [InlineData("""{ "eur": null }""")]
    [InlineData("""{ "xyz": "1" }""")]
    [InlineData("""{ "btc": "1" }""")]
    [InlineData("""{ "eur": "9999999999999" }""")]
    [InlineData("""{ "eur": { "price": 1 } }""")]
    public void A_wrong_file_is_refused_and_the_last_prices_stay(string text)
    {
        Write("""{ "eur": "60000" }""");
        var source = new FilePriceSource(_path);
        Assert.Null(source.Refresh());
        Write(text);
        File.SetLastWriteTimeUtc(_path, DateTime.UnixEpoch.AddDays(1));
        Assert.NotNull(source.Refresh());
        Assert.Equal(6_000_000_000, Price(source, "eur"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_so() => Assert.Contains("not there", new FilePriceSource(_path + ".none").Refresh()!.Reason, StringComparison.Ordinal);

    [Fact]
    public void No_bytes_bring_it_down() => Check.QuickThrowOnFailure(Prop.ForAll((byte[] bytes) =>
    {
        File.WriteAllBytes(_path, bytes);
        File.SetLastWriteTimeUtc(_path, DateTime.UnixEpoch.AddDays(2));
        return new FilePriceSource(_path).Refresh() is not null;
    }));

    [Fact]
    public void Demo_prices_are_whole_and_in_known_currencies()
    {
        var prices = DemoPrices.All.ToList();
        Assert.True(prices.Count >= 26);
        Assert.All(prices, static price => Assert.True(price.MilliMinorUnits > 0));
        Assert.Equal(prices.Count, prices.Select(static price => price.Currency).Distinct().Count());
    }

    private static long Price(FilePriceSource source, string code) => source.Find(Currency.Of(code))!.Value.Price.MilliMinorUnits;

    private void Write(string text) => File.WriteAllText(_path, text, Encoding.UTF8);
}
