namespace Tributary.Intelligence.Tests;

/// <summary>Public data that is read in place: from TRIBUTARY_DATA, or from "shared/data" beside the repository or above it.</summary>
internal static class TestData
{
    /// <summary>The path of a file; the test is skipped where it is absent.</summary>
    public static string Require(string relativePath)
    {
        foreach (var root in Roots())
        {
            var path = Path.Combine(root, relativePath);
            if (File.Exists(path))
                return path;
        }

        Assert.Skip($"{relativePath} is not here; set TRIBUTARY_DATA to the folder that holds it.");
        return "";
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_DATA") is { Length: > 0 } named)
            yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared", "data");
    }
}
