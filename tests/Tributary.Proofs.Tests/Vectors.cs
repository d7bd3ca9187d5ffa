using System.Text.Json;

namespace Tributary.Proofs.Tests;

/// <summary>Test vectors by others, read in place: at TRIBUTARY_VECTORS, or in a folder shared/vectors beside a parent folder.</summary>
internal static class Vectors
{
    public static JsonDocument Read(string relativePath)
    {
        var path = Find(relativePath);
        Assert.SkipWhen(path is null, $"No test vectors: {relativePath} is not there. Set TRIBUTARY_VECTORS.");
        return JsonDocument.Parse(File.ReadAllBytes(path!));
    }

    private static string? Find(string relativePath)
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_VECTORS") is { Length: > 0 } root)
            return Existing(Path.Combine(root, relativePath));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "vectors", relativePath)) is { } path)
                return path;
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
