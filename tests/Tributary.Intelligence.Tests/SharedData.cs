namespace Tributary.Intelligence.Tests;

/// <summary>Finds public data that is read in place and is no part of the repository.</summary>
internal static class SharedData
{
    /// <summary>
    /// The full path of a file below <c>TRIBUTARY_DATA</c>, or below <c>shared/data</c> next to the repository. Skips the running test, with
    /// the reason, where it is absent.
    /// </summary>
    public static string Path(string relative)
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_DATA") is { Length: > 0 } root)
        {
            var path = System.IO.Path.Combine(root, relative);
            if (File.Exists(path))
                return path;
        }
        else
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var path = System.IO.Path.Combine(folder.FullName, "shared", "data", relative);
                if (File.Exists(path))
                    return path;
            }
        }

        Assert.Skip($"The data {relative} are absent: set TRIBUTARY_DATA, or place them in ../shared/data.");
        return relative;
    }
}
