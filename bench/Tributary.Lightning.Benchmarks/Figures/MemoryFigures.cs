using System.Diagnostics;
using System.Globalization;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Node.Graph;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Tests.Node;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Benchmarks.Figures;

/// <summary>
/// What a node takes in a process of its own after it has read the public graph from its disk: channels, policies, all signed messages and all
/// funding outputs.
/// </summary>
internal static class MemoryFigures
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10);

    internal static async Task AddToAsync(FigureReport report, TextWriter log)
    {
        var (graph, archive) = (new NetworkGraph(), new GossipArchive());
        if (PublicGraphFile.Read() is not { } store || !CoreLightningStore.Load(store, graph, archive).IsOk)
        {
            log.WriteLine("Memory is left out: the public graph or the program xz is not here; set TRIBUTARY_DATA to the folder that holds the data.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("lightning-bench-");
        try
        {
            var fundings = graph.Channels.ToDictionary(static id => id, static id => new OutPoint(new TxId(Hashes.Sha256(BitConverter.GetBytes(id.Value))), id.OutputIndex));
            new GraphFile(DiskDirectory.Open(folder.FullName)).Write(BitcoinNetwork.Regtest.GenesisHash.Value, int.MaxValue, fundings, take => GraphSnapshot.Write(graph, archive, take));
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Arguments(folder.FullName)) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var lines = (await child.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await child.WaitForExitAsync();
            var values = lines.Select(static line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
            report.Add(new Figure(
                "memory.rss",
                values[0],
                "MB",
                null,
                150,
                [new("channels", (int)values[1]), new("nodes", (int)values[2]), new("ready after ms", values[3]), new("message megabytes", archive.MessageBytes / 1e6), new("heap megabytes", values[4]), new("after saving MB", values[5])]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The process that is measured.</summary>
    internal static async Task<int> RunChildAsync(string folder)
    {
        var start = Stopwatch.StartNew();
        await using var network = await NodeNetwork.StartAsync(CancellationToken.None);
        var disk = DiskDirectory.Open(folder);

        // The public graph's timestamps are zero: nothing of it is stale.
        var node = await network.AddAsync(CancellationToken.None, options => options with { GossipFolder = disk, Gossip = options.Gossip with { StaleAfter = uint.MaxValue } }, coins: 0);
        var ready = start.Elapsed.TotalMilliseconds;
        await Task.Delay(s_settle);
        var (nodes, channels) = await node.Lightning.CountGraphAsync(CancellationToken.None);
        using var self = Process.GetCurrentProcess();
        var (loaded, heap) = (self.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false));
        await node.Lightning.SaveGraphAsync(CancellationToken.None);
        self.Refresh();
        foreach (var value in new[] { loaded / 1e6, channels, nodes, ready, heap / 1e6, self.WorkingSet64 / 1e6 })
            Console.WriteLine(value.ToString("0.###", CultureInfo.InvariantCulture));
        return 0;
    }

    // Where the process is `dotnet`, the program is its first argument.
    private static string[] Arguments(string folder) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? [typeof(MemoryFigures).Assembly.Location, "memory-child", folder] : ["memory-child", folder];
}
