namespace Tributary.Architecture.Tests;

/// <summary>
/// Which project may use which: the table of the design, closed over transitively. Every project may use <c>Primitives</c>
/// and the contracts in <c>Storage</c>; the server and the command line may use everything.
/// </summary>
internal static class Layers
{
    private static readonly string[] Anything = ["*"];

    /// <summary>Direct arrows, by the short name of the project ("Bitcoin" for Tributary.Bitcoin).</summary>
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Primitives"] = [],
        ["Crypto"] = ["Primitives"],
        ["Bitcoin"] = ["Crypto"],
        ["Lightning"] = ["Bitcoin"],
        ["Channels"] = ["Bitcoin", "Finance"],
        ["Proofs"] = ["Primitives"],
        ["Finance"] = ["Primitives"],
        ["Rollup"] = ["Finance", "Proofs", "Bitcoin"],
        ["Intelligence"] = ["Primitives"],
        ["Payments"] = ["Lightning", "Channels", "Rollup", "Intelligence", "Finance"],
        ["Storage"] = ["Primitives"],
        ["Storage.Sqlite"] = ["Storage"],
        ["Storage.Postgres"] = ["Storage"],
        ["Server"] = Anything,
        ["Cli"] = Anything,
    };

    /// <summary>Packages that only the named projects may use: nobody else knows a vendor's store or the web.</summary>
    private static readonly (string Prefix, string[] Owners)[] Vendors =
    [
        ("Microsoft.Data.Sqlite", ["Storage.Sqlite", "Server", "Cli"]),
        ("SQLitePCLRaw", ["Storage.Sqlite", "Server", "Cli"]),
        ("Npgsql", ["Storage.Postgres", "Server", "Cli"]),
        ("Dapper", ["Storage.Sqlite", "Storage.Postgres", "Server", "Cli"]),
        ("Microsoft.EntityFrameworkCore", ["Server", "Cli"]),
        ("RabbitMQ.Client", ["Server", "Cli"]),
        ("Microsoft.AspNetCore", ["Server", "Cli"]),
        ("System.CommandLine", ["Cli"]),
        ("Spectre.Console", ["Cli"]),
    ];

    /// <summary>True when the table knows the project: a new one needs its line.</summary>
    internal static bool IsKnown(string project) => Arrows.ContainsKey(project);

    /// <summary>May the first project use the second?</summary>
    internal static bool Allows(string from, string to)
    {
        if (string.Equals(from, to, StringComparison.Ordinal) || to is "Primitives" or "Storage")
            return true;
        if (!Arrows.TryGetValue(from, out var arrows))
            return false;
        return arrows.Contains("*") || arrows.Any(next => Allows(next, to));
    }

    /// <summary>The owners of a vendor's package, or null where anyone may use it.</summary>
    internal static string[]? OwnersOf(string assembly) =>
        Vendors.Where(vendor => assembly.StartsWith(vendor.Prefix, StringComparison.Ordinal)).Select(static vendor => vendor.Owners).FirstOrDefault();
}
