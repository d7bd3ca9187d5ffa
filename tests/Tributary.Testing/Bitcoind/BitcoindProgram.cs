namespace Tributary.Testing.Bitcoind;

/// <summary>Finds the bitcoind to test against, and fetches it by the project's script where it is absent.</summary>
internal static class BitcoindProgram
{
    private static readonly Lazy<Task<Found>> s_found = new(FindAsync);

    /// <summary>The program's path, or null and the reason why there is none. Looked for once per process.</summary>
    internal static Task<Found> GetAsync() => s_found.Value;

    private static async Task<Found> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_BITCOIND") is { Length: > 0 } set)
            return File.Exists(set) ? new Found(set, "") : new Found(null, $"TRIBUTARY_BITCOIND names {set}, which does not exist.");
        if (Tooling.Repository() is not { } root)
            return new Found(null, "Set TRIBUTARY_BITCOIND to a bitcoind: the test runs outside of the repository.");

        var home = Tooling.Home(root, "bitcoind");
        var script = Path.Combine(root, "tests", "interop", "get-bitcoind.sh");
        if (!File.Exists(script))
            return new Found(null, $"Set TRIBUTARY_BITCOIND to a bitcoind: {script} is missing.");

        var problem = await Tooling.FetchAsync(script, home);
        var program = Path.Combine(home, "bin", "bitcoind");
        return problem is null && File.Exists(program) ? new Found(program, "") : new Found(null, problem is null ? $"{script} made no {program}." : $"There is no bitcoind to test against: {problem}");
    }

    internal sealed record Found(string? Path, string Reason);
}
