using System.CommandLine;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Protocols;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary>Options that several commands of the area share.</summary>
internal static class ModelOptions
{
    private const long MostFeatureBytes = 1 << 20;

    internal static Option<string> Protocol()
    {
        var option = new Option<string>("--protocol") { Description = "The format of the file and how it is split: handbook, sparkov or commerce.", Required = true };
        return option.AcceptOnlyFromAmong([.. PaymentFormat.All.Select(static format => format.Name)]);
    }

    internal static Option<FileInfo> Data() =>
        new("--data") { Description = "Payments as comma-separated values with a header, compressed by gzip or not.", Required = true };

    internal static Option<FileInfo> Model() => new("--model") { Description = "A model file that model train wrote.", Required = true };

    internal static Option<string> Features() =>
        new("--features") { Description = "engine, reference, or a file of feature definitions, a line each.", DefaultValueFactory = static _ => "engine" };

    /// <summary>The features named: the engine's, the reference's or those of a file.</summary>
    internal static Result<FeatureSet, Refusal> ReadFeatures(string name, PaymentFormat format)
    {
        if (name is "engine" or "reference")
            return name is "engine" ? format.Engine : format.Reference;
        var file = new FileInfo(name);
        if (!file.Exists)
            return new Refusal("--features", $"'{name}' is neither engine nor reference nor a file");
        if (file.Length > MostFeatureBytes)
            return new Refusal("--features", $"{name} is longer than {MostFeatureBytes} bytes");
        return FeatureSet.Parse(File.ReadAllText(file.FullName));
    }

    internal static Option<ulong> Seed() =>
        new("--seed") { Description = "The seed of training and resampling: the same one gives the same figures.", DefaultValueFactory = static _ => 1 };

    /// <summary>The words of an invocation, for reports: files by their names, so that no path of a machine is published.</summary>
    internal static string CommandLine(ParseResult parsed) =>
        "tributary " + string.Join(' ', parsed.Tokens.Select(static token => token.Value.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetFileName(token.Value) : token.Value));
}
