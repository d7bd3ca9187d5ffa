using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Tributary.Testing.Greenfield;

/// <summary>
/// Runs a scripted shop on a Greenfield client that others wrote against a server. Where node.js or the package can't be had the asking test is skipped
/// with the reason.
/// </summary>
public static class GreenfieldShop
{
    private static readonly Lazy<Task<(string? Program, string Reason)>> s_found = new(FindAsync);

    /// <summary>What each step of the shop gave.</summary>
    /// <param name="url">The server.</param>
    /// <param name="key">A key that may do everything.</param>
    /// <param name="storeId">The store that the shop is.</param>
    /// <param name="helperKey">A test key of the other dialect, whose helpers pay as a shopper would.</param>
    /// <param name="cancellationToken">Ends the shop.</param>
    public static async Task<JsonElement> RunAsync(Uri url, string key, string storeId, string helperKey, CancellationToken cancellationToken)
    {
        var (program, reason) = await s_found.Value;
        if (program is null)
            Assert.Skip(reason);
        var argument = JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["url"] = url.ToString(), ["key"] = key, ["store"] = storeId, ["helper"] = helperKey });
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(program!, "shop.mjs"), argument]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"The shop failed:\n{await errors}\n{output}");
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static async Task<(string? Program, string Reason)> FindAsync()
    {
        if (Tooling.Repository() is not { } root)
            return (null, "The Greenfield client is installed inside of the repository, and the test runs outside.");
        var home = Tooling.Home(root, "greenfield");
        var problem = await Tooling.FetchAsync(Path.Combine(root, "tests", "interop", "get-greenfield.sh"), home);
        return problem is null ? (home, "") : (null, $"There is no Greenfield client to test with: {problem}");
    }
}
