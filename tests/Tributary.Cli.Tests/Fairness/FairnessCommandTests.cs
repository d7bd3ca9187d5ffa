using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tributary.Cli.Tests.Fairness;

public sealed class FairnessCommandTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"tributary-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Scores_of_a_file_are_audited_at_the_threshold()
    {
        // As the fixture of the audit: 40 of 50 and 20 of 50 selected among a's labels, 12 of 20 and 8 of 80 among b's.
        Write("group,age,y,score\n", ("a,30,1,0.7", 40), ("a,30,1,0.2", 10), ("a,30,0,0.7", 20), ("a,30,0,0.2", 30), ("b,70,1,0.7", 12), ("b,70,1,0.2", 8), ("b,70,0,0.7", 8), ("b,70,0,0.2", 72));
        var comparisons = await ComparisonsAsync("--protected", "group", "--ignore", "age");
        Assert.Equal(0.4, comparisons["demographic parity difference"], 9);
        Assert.Equal(0.2 / 0.6, comparisons["disparate impact"], 9);
        Assert.Equal(0.2, comparisons["equal opportunity difference"], 9);
        Assert.Equal(0.3, comparisons["equalised odds difference"], 9);

        Assert.Equal(comparisons, await ComparisonsAsync("--protected", "age", "--bands", "60", "--ignore", "group"));
    }

    [Fact]
    public async Task A_model_is_trained_before_and_after_reweighing()
    {
        var text = new StringBuilder("sex,x,y\n");
        for (var row = 0; row < 600; row++)
            text.Append(CultureInfo.InvariantCulture, $"{(row % 3 == 0 ? "f" : "m")},{row * 7 % 100},{((row * 7 % 100) > (row % 3 == 0 ? 70 : 40) ? "yes" : "no")}\n");
        await File.WriteAllTextAsync(_file, text.ToString(), TestContext.Current.CancellationToken);
        var (code, output) = await RunAsync("--label", "y", "--protected", "sex", "--trees", "5", "--replicates", "100", "--json");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(121, document.RootElement.GetProperty("rows").GetInt32());
        Assert.Equal(2, document.RootElement.GetProperty("after").GetProperty("groups").GetArrayLength());
        Assert.Equal(JsonValueKind.Number, document.RootElement.GetProperty("cost_per_thousand").GetProperty("estimate").ValueKind);

        (code, output) = await RunAsync("--label", "y", "--protected", "sex", "--trees", "5", "--replicates", "100");
        Assert.Equal(0, code);
        Assert.Contains("after reweighing", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", "--label", "nothing", "--protected", "group")]
    [InlineData("--label", "--protected", "group")]
    [InlineData("--format", "--format", "moon", "--protected", "group")]
    [InlineData("--value", "--label", "y", "--protected", "group", "--value", "1,2")]
    [InlineData("--bands", "--label", "y", "--protected", "group", "--bands", "x")]
    [InlineData("--threshold", "--label", "y", "--protected", "group", "--score", "score")]
    [InlineData("--score", "--label", "y", "--protected", "group", "--score", "group", "--threshold", "0.5")]
    [InlineData("other", "--label", "y", "--protected", "other")]
    public async Task What_is_wrong_is_refused_by_name(string field, params string[] words)
    {
        Write("group,y,score\n", ("a,1,0.7", 3), ("b,0,0.2", 3));
        var (code, output) = await RunAsync([.. words, "--json"]);
        Assert.Equal(1, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(field, document.RootElement.GetProperty("error").GetProperty("field").GetString());
    }

    private async Task<Dictionary<string, double>> ComparisonsAsync(params string[] words)
    {
        var (code, output) = await RunAsync([.. words, "--label", "y", "--score", "score", "--threshold", "0.5", "--replicates", "100", "--json"]);
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("before").GetProperty("comparisons").EnumerateArray()
            .ToDictionary(static metric => metric.GetProperty("name").GetString()!, static metric => metric.GetProperty("estimate").GetDouble(), StringComparer.Ordinal);
    }

    private void Write(string header, params (string Line, int Times)[] lines) =>
        File.WriteAllText(_file, header + string.Concat(lines.SelectMany(static line => Enumerable.Repeat(line.Line + "\n", line.Times))));

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(["model", "fairness", "--data", _file, .. words], output, error, TimeProvider.System);
        return (code, output.ToString());
    }
}
