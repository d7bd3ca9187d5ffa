using System.Text.Json;
using Xunit;

namespace Tributary.Testing;

/// <summary>Finds test vectors that are read in place and are no part of the repository.</summary>
public static class Vectors
{
    /// <summary>
    /// The full path of a file below the vector folder: <c>TRIBUTARY_VECTORS</c>, or <c>shared/vectors</c> next to the repository (or to
    /// any folder above the test program). Skips the running test, with the reason, where it is absent.
    /// </summary>
    /// <param name="relative">Path below the folder, with forward slashes: <c>bitcoin/script_tests.json</c>.</param>
    public static string Path(string relative)
    {
        if (TryFind(relative, out var path))
            return path;

        Assert.Skip($"The vectors {relative} are absent: set TRIBUTARY_VECTORS, or place them in ../shared/vectors.");
        return path;
    }

    /// <summary>As <see cref="Path"/>, without skipping.</summary>
    public static bool TryFind(string relative, out string path)
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_VECTORS") is { Length: > 0 } root)
        {
            path = System.IO.Path.Combine(root, relative);
            return File.Exists(path) || Directory.Exists(path);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            path = System.IO.Path.Combine(folder.FullName, "shared", "vectors", relative);
            if (File.Exists(path) || Directory.Exists(path))
                return true;
        }

        path = "";
        return false;
    }

    /// <summary>The file as text, or the test is skipped.</summary>
    public static string Text(string relative) => File.ReadAllText(Path(relative));

    /// <summary>The file as JSON, or the test is skipped. The caller disposes of it.</summary>
    public static JsonDocument Json(string relative) => JsonDocument.Parse(File.ReadAllBytes(Path(relative)));
}
