using System.CommandLine;

namespace Tributary.Cli.Models;

/// <summary>Options that several commands of the area share.</summary>
internal static class ModelOptions
{
    internal static Option<string> Protocol()
    {
        var option = new Option<string>("--protocol") { Description = "The format of the file and how it is split: handbook, sparkov or commerce.", Required = true };
        return option.AcceptOnlyFromAmong(Evaluation.Protocols);
    }

    internal static Option<FileInfo> Data() =>
        new("--data") { Description = "Payments as comma-separated values with a header, compressed by gzip or not.", Required = true };

    internal static Option<ulong> Seed() =>
        new("--seed") { Description = "The seed of training and resampling: the same one gives the same figures.", DefaultValueFactory = static _ => 1 };

    /// <summary>The words of an invocation, for reports: files by their names, so that no path of a machine is published.</summary>
    internal static string CommandLine(ParseResult parsed) =>
        "tributary " + string.Join(' ', parsed.Tokens.Select(static token => token.Value.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetFileName(token.Value) : token.Value));
}
