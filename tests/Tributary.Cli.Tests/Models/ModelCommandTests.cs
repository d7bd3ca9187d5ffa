using System.Text.Json;

namespace Tributary.Cli.Tests.Models;

public sealed class ModelCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_fresh_clone_generates_trains_measures_explains_and_back_tests_without_any_download()
    {
        var data = Path.Combine(_folder, "shop.csv.gz");
        var model = Path.Combine(_folder, "shop.model");
        var page = Path.Combine(_folder, "shop.html");
        var generated = await JsonOf("generate", "--out", data, "--customers", "500", "--days", "60", "--fraud-scale", "4");
        Assert.InRange(generated.GetProperty("payments").GetInt32(), 1_000, 100_000);

        var trained = await JsonOf("train", "--protocol", "commerce", "--data", data, "--out", model);
        Assert.InRange(trained.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), .9, 1);
        Assert.Equal(generated.GetProperty("sha256").GetString(), trained.GetProperty("data_sha256").GetString());

        var evaluated = await JsonOf("evaluate", "--protocol", "commerce", "--data", data, "--html", page, "--replicates", "10", "--with-reference");
        var interval = evaluated.GetProperty("metrics").GetProperty("average_precision");
        Assert.True(interval.GetProperty("low").GetDouble() <= interval.GetProperty("high").GetDouble());
        Assert.True(evaluated.GetProperty("reference").TryGetProperty("average_precision", out _));
        Assert.Equal(generated.GetProperty("sha256").GetString(), evaluated.GetProperty("data").GetProperty("sha256").GetString());
        Assert.NotEmpty(evaluated.GetProperty("run").GetProperty("machine").GetString()!);
        Assert.DoesNotContain(_folder, evaluated.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("</html>", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var card = await JsonOf("card", "--model", model);
        Assert.Equal(trained.GetProperty("identity").GetString(), card.GetProperty("identity").GetString());

        var explained = await JsonOf("explain", "--model", model, "--data", data, "--top", "2");
        Assert.Equal(2, explained.GetProperty("payments").GetArrayLength());
        Assert.NotEqual(0, explained.GetProperty("payments")[0].GetProperty("reasons").GetArrayLength());
        var number = explained.GetProperty("payments")[0].GetProperty("payment").GetUInt64();
        var single = await JsonOf("explain", "--model", model, "--data", data, "--payment", $"{number}");
        Assert.NotEmpty(single.GetProperty("payments")[0].GetProperty("sentence").GetString()!);

        var drift = await JsonOf("drift", "--model", model, "--data", data);
        Assert.Equal(40, drift.GetProperty("features").GetArrayLength());

        var policy = Path.Combine(_folder, "policy.txt");
        await File.WriteAllTextAsync(policy, "block if score >= 0.5\nreview if :amount_total: > 1000", TestContext.Current.CancellationToken);
        var backtest = await JsonOf("backtest", "--model", model, "--data", data, "--policy", policy);
        Assert.Equal(generated.GetProperty("payments").GetInt64(), backtest.GetProperty("decisions").GetInt64());
        Assert.True(backtest.GetProperty("candidate").GetProperty("net_value").GetInt64() > 0);
    }

    [Theory]
    [InlineData("evaluate --protocol handbook --data {absent}", "--data")]
    [InlineData("evaluate --protocol handbook --data {file} --folds 2018-8-8", "--folds")]
    [InlineData("evaluate --protocol handbook --data {file} --folds 2018-08-08,2018-08-08", "--folds")]
    [InlineData("evaluate --protocol handbook --data {file} --replicates 0", "--replicates")]
    [InlineData("evaluate --protocol handbook --data {file} --features nothing", "--features")]
    [InlineData("evaluate --protocol handbook --data {file}", "header")]
    [InlineData("evaluate --protocol sparkov --data {file}", "header")]
    [InlineData("evaluate --protocol commerce --data {file} --html {absent}/x.html", "--html")]
    [InlineData("generate --out {file} --customers 0", "--customers")]
    [InlineData("generate --out {absent}/x.csv", "--out")]
    [InlineData("train --protocol commerce --data {absent} --out {file}.model", "--data")]
    [InlineData("card --model {file}", "magic")]
    [InlineData("card --model {absent}", "--model")]
    [InlineData("explain --model {file} --data {file} --top 0", "--top")]
    [InlineData("explain --model {file} --data {file} --threshold 1", "--threshold")]
    [InlineData("drift --model {file} --data {file}", "magic")]
    [InlineData("backtest --model {file} --data {file} --policy {absent}", "--policy")]
    public async Task What_cannot_be_done_is_refused_by_name(string words, string field)
    {
        var file = Path.Combine(_folder, "file.csv");
        await File.WriteAllTextAsync(file, "a,b\n1,2\n", TestContext.Current.CancellationToken);
        var (code, output) = await RunAsync(words.Replace("{file}", file, StringComparison.Ordinal).Replace("{absent}", Path.Combine(_folder, "absent"), StringComparison.Ordinal).Split(' '));
        Assert.Equal(1, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(field, document.RootElement.GetProperty("error").GetProperty("field").GetString());
    }

    private static async Task<JsonElement> JsonOf(params string[] args)
    {
        var (code, output) = await RunAsync(args);
        Assert.True(code == 0, output);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static async Task<(int Code, string Output)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(["model", .. args, "--json"], output, error, TimeProvider.System);
        return (code, output.ToString());
    }
}
