using System.Text.Json;

namespace Tributary.Cli.Tests.Demo;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task The_demo_takes_a_payment_and_the_books_agree()
    {
        var (code, output) = await RunAsync("demo", "--json");
        using var document = JsonDocument.Parse(output);
        var report = document.RootElement;
        Assert.True(code == 0, output);
        Assert.True(report.GetProperty("is_ok").GetBoolean());
        Assert.All(report.GetProperty("steps").EnumerateArray(), static step => Assert.True(step.GetProperty("milliseconds").GetDouble() >= 0));
        Assert.All(report.GetProperty("reconciliation").EnumerateArray(), static line => Assert.Equal(
            line.GetProperty("actual_msat").GetInt64(), line.GetProperty("ledger_msat").GetInt64() + line.GetProperty("under_way_msat").GetInt64()));
        Assert.Equal(3, report.GetProperty("reconciliation").GetArrayLength());
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_and_a_wrong_address_are_refused_by_name()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-demo-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "kept"), "mine", TestContext.Current.CancellationToken);
        var (code, output) = await RunAsync("demo", "--data", folder, "--json");
        Assert.Equal((1, "--data"), (code, FieldOf(output)));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder, "kept"), TestContext.Current.CancellationToken));
        Directory.Delete(folder, recursive: true);
        (code, output) = await RunAsync("demo", "--bitcoind", "nowhere", "--json");
        Assert.Equal((1, "--bitcoind"), (code, FieldOf(output)));
    }

    private static string FieldOf(string output)
    {
        using var document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("error").GetProperty("field").GetString()!;
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await CommandTree.RunAsync(words, output, error, TimeProvider.System);
        return (code, output.ToString());
    }
}
