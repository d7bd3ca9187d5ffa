using System.Diagnostics;
using Tributary.Lightning.Gossip;

namespace Tributary.Lightning.Tests.Gossip;

/// <summary>The public network of a day, from a <c>gossip_store</c> that is read in place.</summary>
internal static class PublicGraphFile
{
    internal const string Relative = "lightning/gossip_store_2026-02-03.xz";

    /// <summary>The graph; null where the file or the program <c>xz</c> is absent.</summary>
    internal static NetworkGraph? Load()
    {
        if (Read() is not { } store)
            return null;
        var graph = new NetworkGraph();
        return CoreLightningStore.Load(store, graph).TryGet(out _, out var refusal) ? graph : throw new InvalidDataException(refusal.ToString());
    }

    /// <summary>The gossip store itself.</summary>
    internal static byte[]? Read() => Find() is { } path ? Unpack(path) : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_DATA") is { Length: > 0 } root)
            return File.Exists(Path.Combine(root, Relative)) ? Path.Combine(root, Relative) : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", Relative);
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    private static byte[]? Unpack(string path)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("xz", ["-dkc", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            return process.ExitCode == 0 ? output.ToArray() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
