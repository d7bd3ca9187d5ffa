using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Tributary.Testing.Pages;

/// <summary>
/// Runs the scripted walk through all pages in the system's Chromium. Where the browser, node.js or a package can't be had the asking test is
/// skipped with the reason.
/// </summary>
public static class PageWalk
{
    private static readonly Lazy<Task<(string? Home, string Reason)>> s_found = new(FindAsync);

    /// <summary>What the walk saw. Pictures of the pages lie in <c>artifacts/pages</c>.</summary>
    /// <param name="url">The server.</param>
    /// <param name="setupPath">The way in for its first owner.</param>
    /// <param name="secretKey">A test key of the first dialect.</param>
    /// <param name="greenfieldKey">A test key of the second.</param>
    /// <param name="storeId">The store of both keys.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public static async Task<JsonElement> RunAsync(Uri url, string setupPath, string secretKey, string greenfieldKey, string storeId, CancellationToken cancellationToken)
    {
        var home = await HomeAsync();
        var program = Chromium();
        if (program is null)
            Assert.Skip("There is no Chromium to test with: install it (apt-get install chromium), or name it in TRIBUTARY_CHROMIUM.");
        var pictures = Path.Combine(Tooling.Repository()!, "artifacts", "pages");
        Directory.CreateDirectory(pictures);
        var argument = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["url"] = url.ToString().TrimEnd('/'),
            ["setup"] = new Uri(url, setupPath).ToString(),
            ["key"] = secretKey,
            ["greenfieldKey"] = greenfieldKey,
            ["store"] = storeId,
            ["folder"] = pictures,
            ["browser"] = program!,
        });
        var output = await NodeAsync([Path.Combine(home, "pages.mjs"), argument], cancellationToken);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Holds the modules that browsers load to the types in their comments.</summary>
    public static async Task CheckTypesAsync(CancellationToken cancellationToken)
    {
        var home = await HomeAsync();
        await NodeAsync([Path.Combine(home, "node_modules", "typescript", "bin", "tsc"), "--project", Path.Combine(Tooling.Repository()!, "web", "tsconfig.json")], cancellationToken);
    }

    private static async Task<string> NodeAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            Assert.True(process.ExitCode == 0, $"node failed:\n{await errors}\n{output}");
            return output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> HomeAsync()
    {
        var (home, reason) = await s_found.Value;
        if (home is null)
            Assert.Skip(reason);
        return home!;
    }

    private static string? Chromium() =>
        new[] { Environment.GetEnvironmentVariable("TRIBUTARY_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(static path => path is { Length: > 0 } && File.Exists(path));

    private static async Task<(string? Home, string Reason)> FindAsync()
    {
        if (Tooling.Repository() is not { } root)
            return (null, "The tests of pages are installed inside of the repository, and the test runs outside.");
        var home = Tooling.Home(root, "pages");
        var problem = await Tooling.FetchAsync(Path.Combine(root, "tests", "interop", "get-pages.sh"), home);
        return problem is null ? (home, "") : (null, $"Pages cannot be tested: {problem}");
    }
}
