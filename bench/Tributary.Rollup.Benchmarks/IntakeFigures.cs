using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Benchmarks;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Signatures;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Benchmarks;

/// <summary>
/// Signed transfers taken a second by a sequencer on this machine's disk: signature checked, engine and witness moved on, operation durable, receipt
/// signed. Callers wait for their receipts, many at once; time is the wall clock's, since the disk is part of it.
/// </summary>
internal static class IntakeFigures
{
    private const int Keys = 16;
    private const uint Height = 900_000;

    private const int Alone = 400;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(int accounts, int rounds, int callers)
    {
        var keys = Enumerable.Range(0, Keys).Select(static i => XmssKey.Create(SHA256.HashData([(byte)i]), new XmssKeyOptions { LogLifetime = 20, Active = 256 })).ToArray();
        using var operatorKey = SecretKey.Generate(SystemEntropy.Instance);
        var operatorId = operatorKey.PublicKey.ToXOnly(out _).ToBytes32();
        var rollup = new Bytes32(SHA256.HashData("benchmark"u8));
        var genesis = new RollupGenesis(rollup, operatorId, operatorId, keys[0].PublicKey.Root, keys[0].PublicKey.Parameters);
        var folder = Directory.CreateTempSubdirectory("tributary-intake-").FullName;
        try
        {
            var options = new SequencerOptions { BatchRegistrations = int.MaxValue, BatchBytes = int.MaxValue, BatchOperations = int.MaxValue };
            await using var sequencer = Sequencer.Open(DiskDirectory.Open(folder), new AnchorSeen.Began((int)Height, genesis, rollup, default), options, operatorKey, SystemEntropy.Instance).Value;
            await sequencer.OpenBatchAsync(Opening([]));
            _ = await Task.WhenAll(Enumerable.Range(0, accounts).Select(i => sequencer.RegisterAsync(new RegisterAccount(KeyOf(keys, i).PublicKey.Root, KeyOf(keys, i).PublicKey.Parameters))));
            _ = await sequencer.CloseBatchAsync();
            await sequencer.OpenBatchAsync(Opening([.. Enumerable.Range(0, accounts).Select(static i => new SeenDeposit((ulong)i + 1, (int)Height, new OutPoint(default, (uint)i), new AccountId((uint)i + 2), new Satoshis(1_000_000)))]));

            var signed = new (OperationRequest Request, byte[] Signature)[accounts][];
            for (var i = 0; i < accounts; i++)
                signed[i] = [.. Enumerable.Range(0, rounds + 1).Select(round => Sign(keys, rollup, i, (uint)round, accounts))];
            var alone = new double[Alone];
            for (var i = 0; i < alone.Length; i++)
                alone[i] = await SubmitAsync(sequencer, signed[i][0]);
            _ = await Task.WhenAll(Enumerable.Range(Alone, accounts - Alone).Select(i => SubmitAsync(sequencer, signed[i][0])));
            var loaded = new double[accounts * rounds];
            var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    for (var i = caller; i < accounts; i += callers)
                    {
                        loaded[(i * rounds) + round] = await SubmitAsync(sequencer, signed[i][round + 1]);
                    }
                }
            })));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var busy = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
            var throughput = new Figure(
                "intake.durable",
                accounts * rounds / seconds,
                "signed transfers/s",
                5_000,
                [
                    new("layout", "signature check, engine, witness, group commit, receipt; wall clock"),
                    new("processors", Environment.ProcessorCount),
                    new("accounts", accounts),
                    new("transfers", accounts * rounds),
                    new("callers", callers),
                    new("log_lifetime", 20),
                    new("processor_seconds", Math.Round(busy, 3).ToString(CultureInfo.InvariantCulture)),
                    new("disk", folder.Split(Path.DirectorySeparatorChar)[1]),
                    new("seconds", Math.Round(seconds, 3).ToString(CultureInfo.InvariantCulture)),
                    new("processor_us_each", busy / (accounts * rounds) * 1e6),
                    new("p50_ms", Quantile(loaded, 0.5)),
                    new("p99_ms", Quantile(loaded, 0.99)),
                ]);
            return
            [
                throughput,
                new Figure(
                    "intake.alone",
                    1e3 / Quantile(alone, 0.5),
                    "signed transfers/s",
                    null,
                    [
                        new("layout", "one caller, one transfer at a time, from the call to the receipt; wall clock"),
                        new("transfers", Alone),
                        new("p50_ms", Quantile(alone, 0.5)),
                        new("p99_ms", Quantile(alone, 0.99)),
                        new("largest_ms", alone.Max()),
                    ]),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            foreach (var key in keys)
                key.Dispose();
        }
    }

    /// <summary>Milliseconds from the call to the receipt.</summary>
    private static async Task<double> SubmitAsync(Sequencer sequencer, (OperationRequest Request, byte[] Signature) signed)
    {
        var start = Stopwatch.GetTimestamp();
        if ((await sequencer.SubmitAsync(signed.Request, signed.Signature)).TryGet(out _, out var refusal))
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        throw new InvalidOperationException(refusal.ToString());
    }

    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        return Math.Round(values[(int)(share * (values.Length - 1))], 3);
    }

    private static BatchOpening Opening(IReadOnlyList<SeenDeposit> deposits) => new(Height, new BlockHash(default), 0, ForcedPost.EmptyQueue, (ulong)deposits.Count, [], deposits);

    private static XmssKey KeyOf(XmssKey[] keys, int account) => keys[account % Keys];

    private static (OperationRequest Request, byte[] Signature) Sign(XmssKey[] keys, Bytes32 rollup, int account, uint index, int accounts)
    {
        var to = new AccountId((uint)((account + 7 + index) % accounts) + 2);
        var request = new OperationRequest(new Transfer(AssetId.Bitcoin, to, 100 + index), new Authorisation(new AccountId((uint)account + 2), index, 3, Height + 144));
        return (request, KeyOf(keys, account).Sign(index, OperationDigest.Compute(rollup, request)).Value);
    }
}
