using System.Diagnostics;
using System.Globalization;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Testing.Storage;

namespace Tributary.Bitcoin.Tests.Chain.Embedded;

/// <summary>The embedded chain when its process dies, or its disk does.</summary>
public sealed class CrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chain_whose_power_fails_at_any_operation_has_everything_that_was_acknowledged_before()
    {
        var whole = new SimulatedDisk(0);
        var states = await LiveAsync(whole);
        for (var last = 0L; last <= whole.Operations; last++)
        {
            var disk = new SimulatedDisk((ulong)last);
            disk.FailPowerAfter(last);
            var acknowledged = (await LiveAsync(disk)).Count - 1;
            disk.Restart();

            // Nothing that was acknowledged is lost; of the command that was under way all is there or nothing.
            await using var chain = Open(disk);
            var state = await StateAsync(chain);
            Assert.True(state == states[acknowledged] || (acknowledged + 1 < states.Count && state == states[acknowledged + 1]), $"at operation {last}: {state}");
        }
    }

    [Fact]
    public async Task A_reopened_chain_goes_on_as_if_nothing_had_been()
    {
        var disk = new SimulatedDisk(1);
        await LiveAsync(disk);
        disk.Restart();
        await using var chain = Open(disk);
        var same = new SimulatedDisk(1);
        await LiveAsync(same);
        await using var other = Open(same);

        // What waits is mined, and the branch that lost is still known.
        Assert.NotEmpty(await MempoolAsync(chain));
        await chain.MineAsync(1, Spendable.Script, Cancellation);
        Assert.Empty(await MempoolAsync(chain));
        var tip = (await chain.GetTipAsync(Cancellation)).Value;
        var block = (await chain.GetBlockAsync(tip.Hash, Cancellation)).Value;
        Assert.True((await other.SubmitBlockAsync(block, Cancellation)).Value.IsActive);
        Assert.Empty(await MempoolAsync(other));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disk_that_refuses_stops_the_chain_and_loses_nothing_that_was_acknowledged(bool atFlush)
    {
        for (var good = 1; good < 12; good++)
        {
            var disk = new SimulatedDisk((ulong)good);
            var chain = Open(disk);
            var acknowledged = new List<BlockHash>();
            Result? failed = null;
            for (var i = 0; i < 14 && failed is null; i++)
            {
                if (i == good && atFlush)
                    disk.FailFlushes(1);
                else if (i == good)
                    disk.CapacityBytes = 1;
                var mined = await chain.MineAsync(1, Spendable.Script, Cancellation);
                if (mined.TryGet(out var hashes, out var error))
                    acknowledged.AddRange(hashes);
                else
                    failed = new Result(error);
            }

            Assert.Equal(good, acknowledged.Count);
            Assert.Equal(ChainErrorKind.Closed, failed!.Error.Kind);
            Assert.Contains("has stopped", failed.Error.Reason, StringComparison.Ordinal);
            Assert.Equal(failed.Error, (await chain.GetTipAsync(Cancellation)).Error);
            Assert.Equal(failed.Error, (await chain.MineAsync(1, Spendable.Script, Cancellation)).Error);
            Assert.False(chain.Status.IsSynced);
            await chain.DisposeAsync();

            disk.CapacityBytes = long.MaxValue;
            disk.Restart();
            await using var again = Open(disk);
            Assert.Equal(acknowledged[^1], (await again.GetBlockHashAsync(good, Cancellation)).Value);
        }
    }

    [Fact]
    public async Task A_folder_belongs_to_one_process()
    {
        var parent = Directory.CreateTempSubdirectory("tributary-chain-").FullName;
        var path = Path.Combine(parent, "chain");
        await using (var first = EmbeddedChain.Open(new EmbeddedChainOptions { Path = path }, TimeProvider.System).Value)
        {
            var second = EmbeddedChain.Open(new EmbeddedChainOptions { Path = path }, TimeProvider.System);
            Assert.Equal("path", second.Error.Field);
            Assert.Contains($"in use by process {Environment.ProcessId}", second.Error.Reason, StringComparison.Ordinal);
        }

        await using (var third = EmbeddedChain.Open(new EmbeddedChainOptions { Path = path }, TimeProvider.System).Value)
            Assert.Equal(0, (await third.GetTipAsync(Cancellation)).Value.Height);
        await File.WriteAllTextAsync(Path.Combine(parent, "note"), "not a chain", Cancellation);
        Assert.Equal("path", EmbeddedChain.Open(new EmbeddedChainOptions { Path = parent }, TimeProvider.System).Error.Field);
        Assert.Equal("path", EmbeddedChain.Open(new EmbeddedChainOptions { Path = Path.Combine(parent, "note") }, TimeProvider.System).Error.Field);
        Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public async Task A_killed_process_loses_no_block_and_no_transaction_that_it_acknowledged()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-crash-").FullName;
        var random = new Random(1);
        for (var round = 0; round < 4; round++)
        {
            await RunChildUntilAsync(folder, acknowledgements: 5 + random.Next(60));

            await using var chain = EmbeddedChain.Open(new EmbeddedChainOptions { Path = Path.Combine(folder, "chain") }, TimeProvider.System).Value;
            foreach (var line in Acknowledged(folder))
            {
                var parts = line.Split(' ');
                if (parts[0] is "block" && BlockHash.TryParse(parts[2], out var hash))
                    Assert.Equal(hash, (await chain.GetBlockHashAsync(int.Parse(parts[1], CultureInfo.InvariantCulture), Cancellation)).Value);
                else if (parts[0] is "transaction" && TxId.TryParse(parts[1], out var id))
                    Assert.True((await chain.GetOutspendAsync(new OutPoint(id, 0), null, Cancellation)).IsOk, $"round {round}: {id} is lost");
                else
                    Assert.Fail($"An acknowledgement was not read: {line}");
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task RunChildUntilAsync(string folder, int acknowledgements)
    {
        var already = Acknowledged(folder).Count;
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { [CrashChild.FolderVariable] = folder },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        }

        start.ArgumentList.Add("--help");

        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = child.StandardError.ReadToEndAsync(Cancellation);
        try
        {
            while (Acknowledged(folder).Count < already + acknowledgements)
            {
                if (child.HasExited)
                    Assert.Fail($"The child ended by itself: {await output}{await errors}");
                await Task.Delay(1, Cancellation);
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Whole lines that the child wrote.</summary>
    private static List<string> Acknowledged(string folder)
    {
        var path = Path.Combine(folder, "acknowledged");
        if (!File.Exists(path))
            return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static EmbeddedChain Open(SimulatedDisk disk) => EmbeddedChain.Open(disk.Folder(), new EmbeddedChainOptions(), NewClock()).Value;

    private static ManualClock NewClock() => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static async Task<(ChainTip Tip, string Mempool)> StateAsync(EmbeddedChain chain) =>
        ((await chain.GetTipAsync(Cancellation)).Value, await MempoolAsync(chain));

    private static async Task<string> MempoolAsync(EmbeddedChain chain) =>
        string.Join(' ', (await chain.GetMempoolAsync(Cancellation)).Value.Select(static entry => entry.Transaction.TxId.ToString()).Order(StringComparer.Ordinal));

    /// <summary>Lives a short life with everything in it, until the disk refuses; returns what was acknowledged, state by state.</summary>
    private static async Task<List<(ChainTip Tip, string Mempool)>> LiveAsync(SimulatedDisk disk)
    {
        var states = new List<(ChainTip, string)> { (new ChainTip(0, Networks.BitcoinNetwork.Regtest.GenesisHash), "") };
        if (!EmbeddedChain.Open(disk.Folder(), new EmbeddedChainOptions(), NewClock()).TryGet(out var chain, out _))
            return states;
        try
        {
            await LiveAsync(chain, states);
        }
        catch (InvalidOperationException) when (disk.IsDown)
        {
            // The chain has stopped, and says so to every command.
        }

        await chain.DisposeAsync();
        return states;
    }

    private static async Task LiveAsync(EmbeddedChain chain, List<(ChainTip Tip, string Mempool)> states)
    {
        async Task MineAsync(int count)
        {
            _ = (await chain.MineAsync(count, Spendable.Script, Cancellation)).Value;
            states.Add(await StateAsync(chain));
        }

        async Task BroadcastAsync(Transaction transaction)
        {
            _ = (await chain.BroadcastAsync(transaction, Cancellation)).Value;
            states.Add(await StateAsync(chain));
        }

        await MineAsync(100);
        await MineAsync(1);
        var first = await CoinbaseAsync(chain, 1);
        var second = await CoinbaseAsync(chain, 2);
        await BroadcastAsync(first.Pay(fee: 1000));
        await MineAsync(1);
        await BroadcastAsync(second.Pay(fee: 1000));
        await BroadcastAsync(Spendable.Of(second.Pay(fee: 1000)).Pay(fee: 500));
        await BroadcastAsync(second.Pay(fee: 3000));
        _ = (await chain.ReorganiseAsync(1, Spendable.Script, Cancellation)).Value;
        states.Add(await StateAsync(chain));
        var tip = (await chain.GetTipAsync(Cancellation)).Value;
        _ = (await chain.InvalidateAsync(tip.Hash, Cancellation)).Value;
        states.Add(await StateAsync(chain));
        _ = (await chain.ReconsiderAsync(tip.Hash, Cancellation)).Value;
        states.Add(await StateAsync(chain));
    }

    private static async Task<Spendable> CoinbaseAsync(EmbeddedChain chain, int height)
    {
        var hash = (await chain.GetBlockHashAsync(height, Cancellation)).Value;
        return Spendable.Of((await chain.GetBlockAsync(hash, Cancellation)).Value.Transactions[0]);
    }

    private sealed record Result(ChainError Error);
}
