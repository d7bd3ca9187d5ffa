using System.Diagnostics;
using System.Globalization;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Tests.Chain.Embedded.Store;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Tests.Chain.Embedded;

/// <summary>The embedded chain when its process dies, or its disk does.</summary>
public sealed class CrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chain_cut_off_at_any_byte_has_everything_that_was_acknowledged_before()
    {
        var file = new FaultyLogFile([]);
        var states = await LiveAsync(file);

        // Byte by byte where different things happen; the hundred blocks before that are one frame.
        for (var length = 0; length <= file.Durable.Length; length += length < states[1].Length ? 997 : 1)
        {
            var (expected, mempool) = states.Last(state => state.Length <= length).State;
            await using var chain = Open(new FaultyLogFile(file.Durable[..length]));
            Assert.Equal(expected, (await chain.GetTipAsync(Cancellation)).Value);
            Assert.Equal(mempool, await MempoolAsync(chain));
        }
    }

    [Fact]
    public async Task A_reopened_chain_goes_on_as_if_nothing_had_been()
    {
        var file = new FaultyLogFile([]);
        await LiveAsync(file);
        await using var chain = Open(new FaultyLogFile(file.Durable));
        await using var other = Open(new FaultyLogFile(file.Durable));

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
            var file = new FaultyLogFile([]);
            var chain = Open(file);
            if (atFlush)
                file.FlushesLeft = good;
            else
                file.AppendsLeft = good;

            var acknowledged = new List<BlockHash>();
            Result? failed = null;
            for (var i = 0; i < 14 && failed is null; i++)
            {
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

            await using var again = Open(new FaultyLogFile(file.Durable));
            Assert.Equal(acknowledged[^1], (await again.GetTipAsync(Cancellation)).Value.Hash);
        }
    }

    [Fact]
    public async Task A_file_belongs_to_one_process()
    {
        var path = Path.Combine(Path.GetTempPath(), $"tributary-chain-{Guid.NewGuid():N}");
        await using (var first = EmbeddedChain.Open(new EmbeddedChainOptions { Path = path }, TimeProvider.System).Value)
        {
            var second = EmbeddedChain.Open(new EmbeddedChainOptions { Path = path }, TimeProvider.System);
            Assert.Equal("path", second.Error.Field);
            Assert.Contains("another process", second.Error.Reason, StringComparison.Ordinal);
        }

        await using (var third = EmbeddedChain.Open(new EmbeddedChainOptions { Path = path }, TimeProvider.System).Value)
            Assert.Equal(0, (await third.GetTipAsync(Cancellation)).Value.Height);
        File.Delete(path);
        Assert.Equal("path", EmbeddedChain.Open(new EmbeddedChainOptions { Path = Path.GetTempPath() }, TimeProvider.System).Error.Field);
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

    private static EmbeddedChain Open(FaultyLogFile file) => EmbeddedChain.Open(file, new EmbeddedChainOptions(), TimeProvider.System).Value;

    private static async Task<string> MempoolAsync(EmbeddedChain chain) =>
        string.Join(' ', (await chain.GetMempoolAsync(Cancellation)).Value.Select(static entry => entry.Transaction.TxId.ToString()).Order(StringComparer.Ordinal));

    /// <summary>Lives a short life with everything in it; returns what was acknowledged at which size of the file.</summary>
    private static async Task<List<(int Length, (ChainTip Tip, string Mempool) State)>> LiveAsync(FaultyLogFile file)
    {
        var states = new List<(int, (ChainTip, string))> { (0, (new ChainTip(0, Networks.BitcoinNetwork.Regtest.GenesisHash), "")) };
        await using var chain = Open(file);
        async Task Note() => states.Add((file.Durable.Length, ((await chain.GetTipAsync(Cancellation)).Value, await MempoolAsync(chain))));

        await chain.MineAsync(100, Spendable.Script, Cancellation);
        await Note();
        await chain.MineAsync(1, Spendable.Script, Cancellation);
        await Note();
        var first = await CoinbaseAsync(chain, 1);
        var second = await CoinbaseAsync(chain, 2);
        await chain.BroadcastAsync(first.Pay(fee: 1000), Cancellation);
        await Note();
        await chain.MineAsync(1, Spendable.Script, Cancellation);
        await Note();
        await chain.BroadcastAsync(second.Pay(fee: 1000), Cancellation);
        await Note();
        await chain.BroadcastAsync(Spendable.Of(second.Pay(fee: 1000)).Pay(fee: 500), Cancellation);
        await Note();
        await chain.BroadcastAsync(second.Pay(fee: 3000), Cancellation);
        await Note();
        await chain.ReorganiseAsync(1, Spendable.Script, Cancellation);
        await Note();
        var tip = (await chain.GetTipAsync(Cancellation)).Value;
        await chain.InvalidateAsync(tip.Hash, Cancellation);
        await Note();
        await chain.ReconsiderAsync(tip.Hash, Cancellation);
        await Note();
        return states;
    }

    private static async Task<Spendable> CoinbaseAsync(EmbeddedChain chain, int height)
    {
        var hash = (await chain.GetBlockHashAsync(height, Cancellation)).Value;
        return Spendable.Of((await chain.GetBlockAsync(hash, Cancellation)).Value.Transactions[0]);
    }

    private sealed record Result(ChainError Error);
}
