using System.Security.Cryptography;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Htlcs;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Swaps;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Swaps;

/// <summary>One side of a swap in a test: its wallets and its disk, which outlive the process, and what it has done.</summary>
internal sealed class TestParty(SwapWorld world, SwapRole role, uint account, byte seed) : ISwapParty
{
    private readonly HashSet<string> _funded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _posted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deaths = new(StringComparer.Ordinal);
    private readonly SeededEntropy _entropy = new(seed);

    public SwapRole Role => role;

    public uint Account => account;

    public SimulatedDisk Disk { get; } = new(seed);

    public SecretKey Key { get; } = SecretKey.Generate(new SeededEntropy(100ul + seed));

    public Bytes32 PublicKey => Key.PublicKey.ToXOnly(out _).ToBytes32();

    public Script Destination { get; } = StandardScripts.P2wpkh(SHA256.HashData([seed]).AsSpan(0, 20));

    /// <summary>Steps after which it is never heard of again.</summary>
    public int StepsMax { get; init; } = int.MaxValue;

    /// <summary>The process dies once before and once after each thing that it does.</summary>
    public bool IsFrail { get; set; }

    /// <summary>How often it has died.</summary>
    public int Deaths => _deaths.Count;

    /// <summary>What it has done, each in a row once.</summary>
    public List<SwapStep> Steps { get; } = [];

    public SwapStep Last { get; private set; }

    public Satoshis Funded { get; private set; }

    public bool IsGone => Steps.Count >= StepsMax;

    /// <summary>A process that lives for one step: nothing but the disk and the wallets outlives it.</summary>
    public async Task StepAsync()
    {
        if (IsGone)
            return;
        await using var journal = SwapJournal.Open(Disk.Folder("swap"), _entropy).Value;
        var runner = new SwapRunner(journal, () => world.Replica, world.FirstHeight, this, _entropy);
        for (var height = world.FirstHeight; height < world.Replica.NextHeight; height++)
            runner.Observe(new Bitcoin.Chain.ChainEvent.Connected(height, world.Blocks[height - 1]));
        SwapStep step;
        try
        {
            if (!(await runner.StepAsync(TestContext.Current.CancellationToken)).TryGet(out step, out _))
                return;
        }
        catch (OperationCanceledException) when (IsFrail)
        {
            return;
        }

        Last = step;
        if (step != SwapStep.Wait && (Steps.Count == 0 || Steps[^1] != step))
            Steps.Add(step);
    }

    public async Task<Refusal?> AbortAsync()
    {
        await using var journal = SwapJournal.Open(Disk.Folder("swap"), _entropy).Value;
        return await journal.AbortAsync();
    }

    public async Task BeginAsync(SwapTerms terms, SwapMargins margins, Bytes32? preimage)
    {
        await using var journal = SwapJournal.Open(Disk.Folder("swap"), _entropy).Value;
        Assert.Null(await journal.BeginAsync(new SwapMemory(role, terms, margins, preimage), world.Tip));
        Assert.NotNull(await journal.BeginAsync(new SwapMemory(role, terms, margins, preimage), world.Tip));
    }

    public ValueTask<Result<FeeratePerKvB, Refusal>> FeerateAsync(int blocks, CancellationToken cancellationToken) => new(new FeeratePerKvB(2_000));

    public async Task<Refusal?> FundAsync(Script contract, Satoshis amount, string label, CancellationToken cancellationToken)
    {
        Die("before funding");
        if (_funded.Add(label))
        {
            await world.PayAsync(contract, amount);
            Funded += amount;
        }

        Die("after funding");
        return null;
    }

    public async Task<Refusal?> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        Die("before a broadcast");
        var verdict = (await world.Source.BroadcastAsync(transaction, cancellationToken)).Value;
        Die("after a broadcast");
        return verdict.IsAccepted ? null : new Refusal("chain", verdict.RejectReason!);
    }

    public Task<Result<ForcedOperation, Refusal>> SignLockAsync(LockHtlc operation, uint expiry, CancellationToken cancellationToken)
    {
        Die("before signing");
        var (request, signature) = world.Sign(account, operation, expiry);
        return Task.FromResult<Result<ForcedOperation, Refusal>>(new ForcedOperation(request, signature));
    }

    public Task<Refusal?> SubmitAsync(ForcedOperation operation, CancellationToken cancellationToken)
    {
        Die($"before {operation.Request.Operation.Code}");
        var refusal = world.Submit(operation);
        Die($"after {operation.Request.Operation.Code}");
        return Task.FromResult(refusal);
    }

    public async Task<Refusal?> PostAsync(ForcedOperation operation, CancellationToken cancellationToken)
    {
        if (_posted.TryAdd(Convert.ToHexString(operation.Write()), world.Tip))
            await world.PostAsync(operation);
        return null;
    }

    private void Die(string where)
    {
        if (IsFrail && _deaths.Add(where))
            throw new OperationCanceledException($"dies {where}");
    }
}
