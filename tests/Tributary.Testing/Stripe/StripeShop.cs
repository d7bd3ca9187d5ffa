using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Tributary.Testing.Stripe;

/// <summary>
/// Runs a scripted shop on the official Stripe client against a server. Where node.js or the package can't be had the asking test is skipped with
/// the reason.
/// </summary>
public static class StripeShop
{
    private static readonly Lazy<Task<(string? Program, string Reason)>> s_found = new(FindAsync);

    /// <summary>What each step of the shop gave.</summary>
    public static async Task<JsonElement> RunAsync(Uri url, string secretKey, CancellationToken cancellationToken, string name = "shop.mjs")
    {
        var (program, reason) = await s_found.Value;
        if (program is null)
            Assert.Skip(reason);
        var argument = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["url"] = url.ToString(), ["key"] = secretKey });
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(program!, name), argument]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
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
            return (null, "The Stripe client is installed inside of the repository, and the test runs outside.");
        var home = Tooling.Home(root, "stripe");
        var problem = await Tooling.FetchAsync(Path.Combine(root, "tests", "interop", "get-stripe.sh"), home);
        return problem is null ? (home, "") : (null, $"There is no Stripe client to test with: {problem}");
    }
}
