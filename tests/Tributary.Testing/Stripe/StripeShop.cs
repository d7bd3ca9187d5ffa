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
    private const string DocumentVariable = "TRIBUTARY_STRIPE_OPENAPI";
    private static readonly Lazy<Task<(string? Program, string Reason)>> s_found = new(FindAsync);
    private static readonly Lazy<Task<(string? File, string Reason)>> s_document = new(FindDocumentAsync);

    /// <summary>Stripe's OpenAPI document, against which the shops hold what they are answered: the one that <c>TRIBUTARY_STRIPE_OPENAPI</c> names, or the one that npm has. Null with the reason where there is none.</summary>
    public static Task<(string? File, string Reason)> DocumentAsync() => s_document.Value;

    /// <summary>What each step of the shop gave.</summary>
    public static async Task<JsonElement> RunAsync(Uri url, string secretKey, CancellationToken cancellationToken, string name = "shop.mjs")
    {
        var (program, reason) = await s_found.Value;
        if (program is null)
            Assert.Skip(reason);
        var argument = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["url"] = url.ToString(), ["key"] = secretKey });
        var start = new ProcessStartInfo("node", [Path.Combine(program!, name), argument]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment[DocumentVariable] = (await DocumentAsync()).File ?? "";
        using var process = Process.Start(start)!;
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

    private static async Task<(string? File, string Reason)> FindDocumentAsync()
    {
        if (Environment.GetEnvironmentVariable(DocumentVariable) is { Length: > 0 } named)
            return File.Exists(named) ? (named, "") : throw new FileNotFoundException($"{DocumentVariable} names {named}, which is not there.");
        if (Tooling.Repository() is not { } root)
            return (null, "Stripe's OpenAPI document is fetched inside of the repository, and the test runs outside.");
        var home = Tooling.Home(root, "stripe-document");
        var problem = await Tooling.FetchAsync(Path.Combine(root, "tests", "interop", "get-stripe-document.sh"), home);
        return problem is null ? (Path.Combine(home, "spec3.json"), "") : (null, $"There is no OpenAPI document of Stripe's to hold answers against: {problem}");
    }
}
