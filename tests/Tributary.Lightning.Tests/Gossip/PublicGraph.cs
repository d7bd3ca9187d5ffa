using System.Diagnostics;
using Tributary.Lightning.Gossip;

namespace Tributary.Lightning.Tests.Gossip;

/// <summary>The public network of a day, from a <c>gossip_store</c> that is read in place; the test is skipped where file or <c>xz</c> is absent.</summary>
internal static class PublicGraph
{
    private const string Relative = "lightning/gossip_store_2026-02-03.xz";

    private static readonly Lazy<NetworkGraph?> s_graph = new(Load);

    internal static NetworkGraph Graph
    {
        get
        {
            Assert.SkipWhen(s_graph.Value is null, $"{Relative} or the program xz is not here: set TRIBUTARY_DATA to the folder that holds the data.");
            return s_graph.Value!;
        }
    }

    private static NetworkGraph? Load()
    {
        if (Find() is not { } path || Unpack(path) is not { } store)
            return null;
        var graph = new NetworkGraph();
        Assert.True(CoreLightningStore.Load(store, graph).IsOk);
        return graph;
    }

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
