namespace Tributary.Intelligence.Tests.Selection;

/// <summary>Finds public data, which is not part of the repository.</summary>
internal static class PublicData
{
    /// <summary>The path of a file below TRIBUTARY_DATA or "shared/data" beside any folder above; null where there is none.</summary>
    public static string? Find(params string[] parts)
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_DATA") is { Length: > 0 } root)
            return Existing(Path.Combine([root, .. parts]));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine([folder.FullName, "shared", "data", .. parts])) is { } path)
                return path;
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
