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

    public static async Task<Figure> MeasureAsync(int accounts, int rounds, int callers)
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
                signed[i] = [.. Enumerable.Range(0, rounds).Select(round => Sign(keys, rollup, i, (uint)round, accounts))];
            var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    for (var i = caller; i < accounts; i += callers)
                    {
                        var (request, signature) = signed[i][round];
                        if ((await sequencer.SubmitAsync(request, signature)).TryGet(out _, out var refusal))
                            continue;
                        throw new InvalidOperationException(refusal.ToString());
                    }
                }
            })));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var busy = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
            return new Figure(
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
                ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            foreach (var key in keys)
                key.Dispose();
        }
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
