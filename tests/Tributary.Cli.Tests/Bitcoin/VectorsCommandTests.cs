using System.Text.Json;

namespace Tributary.Cli.Tests.Bitcoin;

public sealed class VectorsCommandTests : IDisposable
{
    private const string Passing = """["1", "NOP", "P2SH,STRICTENC", "OK"]""";
    private const string Failing = """["0", "NOP", "P2SH,STRICTENC", "OK"]""";
    private const string Proposed = """["1", "NOP", "OP_CAT", "OK"]""";

    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-vectors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_that_passes_ends_with_0_and_says_how_many_rows()
    {
        var (code, output, _) = await RunAsync(Write($"[{Passing}, [\"a comment\"], {Proposed}]"));

        Assert.Equal(0, code);
        Assert.Contains("1 passed, 0 failed, 1 skipped", output, StringComparison.Ordinal);
        Assert.Contains("OP_CAT", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_fails_ends_with_1_and_is_shown()
    {
        var (code, output, _) = await RunAsync(Write($"[{Passing}, {Failing}]"));

        Assert.Equal(1, code);
        Assert.Contains("row 1: the error is EVAL_FALSE, not OK", output, StringComparison.Ordinal);
        Assert.Contains("1 passed, 1 failed, 0 skipped", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_the_counts_and_the_rows_that_failed()
    {
        var (code, output, _) = await RunAsync(Write($"[{Passing}, {Failing}]"), "--json");

        Assert.Equal(1, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(1, document.RootElement.GetProperty("passed").GetInt32());
        Assert.Equal(1, document.RootElement.GetProperty("failed").GetInt32());
        Assert.Equal(1, document.RootElement.GetProperty("files")[0].GetProperty("failures")[0].GetProperty("row").GetInt32());
    }

    [Theory]
    [InlineData("{}", "array")]
    [InlineData("[[", "JSON")]
    [InlineData("[[[[\"00\", 0, \"1\"]], \"00\", \"NONE\"]]", "name it")]
    public async Task A_file_of_no_known_format_is_refused_with_the_reason(string content, string reason)
    {
        var (code, _, error) = await RunAsync(Write(content));

        Assert.Equal(1, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_absent_is_refused()
    {
        var (code, _, error) = await RunAsync(Path.Combine(_folder, "absent.json"));

        Assert.Equal(1, code);
        Assert.Contains("does not exist", error, StringComparison.Ordinal);
    }

    private string Write(string content)
    {
        var path = Path.Combine(_folder, "rows.json");
        File.WriteAllText(path, content);
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string path, params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(["bitcoin", "vectors", path, .. options], output, error, TimeProvider.System);
        return (code, output.ToString(), error.ToString());
    }
}
