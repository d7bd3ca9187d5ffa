using System.CommandLine;
using System.Text.Json;

namespace Tributary.Cli.Tests;

public sealed class CommandTreeTests
{
    public static TheoryData<string> Commands => [.. Walk(CommandTree.Create(TimeProvider.System), "").Where(static path => path.Length > 0)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_explains_itself_and_takes_json(string path)
    {
        var (code, output, error) = await RunAsync([.. path.Split(' '), "--help"]);
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Contains("Description:", output, StringComparison.Ordinal);
        Assert.Contains("--json", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_and_argument_is_described(string path)
    {
        Command command = CommandTree.Create(TimeProvider.System);
        foreach (var word in path.Split(' '))
            command = command.Subcommands.Single(child => string.Equals(child.Name, word, StringComparison.Ordinal));
        Assert.False(string.IsNullOrWhiteSpace(command.Description));
        Assert.All(command.Options, static option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{option.Name} has no description"));
        Assert.All(command.Arguments, static argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{argument.Name} has no description"));
    }

    [Fact]
    public async Task Words_that_are_not_understood_end_with_2()
    {
        var (code, _, error) = await RunAsync(["docter"]);
        Assert.Equal(2, code);
        Assert.Contains("docter", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bitcoind", "not an address", "--bitcoind")]
    [InlineData("--bitcoind", "ftp://127.0.0.1/", "--bitcoind")]
    [InlineData("--network", "moon", "--network")]
    [InlineData("--network", "mainnet", "--network")]
    [InlineData("--port", "70000", "--port")]
    [InlineData("--block-every", "0", "--block-every")]
    public async Task Up_refuses_a_wrong_option_by_name(string option, string value, string field)
    {
        var (code, output, _) = await RunAsync(["up", option, value, "--json", "--data", Path.Combine(Path.GetTempPath(), "tributary-unused")]);
        Assert.Equal(1, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(field, document.RootElement.GetProperty("error").GetProperty("field").GetString());
    }

    [Fact]
    public async Task Doctor_reports_in_words_and_in_json()
    {
        var (code, text, _) = await RunAsync(["doctor"]);
        Assert.Equal(0, code);
        Assert.Contains("libsecp256k1", text, StringComparison.Ordinal);

        var (jsonCode, json, _) = await RunAsync(["doctor", "--json"]);
        Assert.Equal(0, jsonCode);
        using var document = JsonDocument.Parse(json);
        Assert.True(document.RootElement.GetProperty("is_ready").GetBoolean());
    }

    private static IEnumerable<string> Walk(Command command, string path) =>
        command.Subcommands.SelectMany(child => Walk(child, $"{path} {child.Name}".Trim())).Prepend(path);

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(args, output, error, TimeProvider.System);
        return (code, output.ToString(), error.ToString());
    }
}
