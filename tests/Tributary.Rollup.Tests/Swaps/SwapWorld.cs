using System.Security.Cryptography;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Tests.Anchoring;
using Tributary.Rollup.Tests.Batches;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Swaps;

/// <summary>A rollup on a chain, a client (account 2) and a provider (account 3) with 50,000 satoshis each, and an operator who may be of ill will.</summary>
internal sealed class SwapWorld : IAsyncDisposable
{
    public static readonly SwapMargins Margins = new() { Depth = 2, Confirm = 4, Post = 4, Anchor = 4, Final = 8 };
    public static readonly Satoshis Amount = new(20_000);

    /// <summary>What an honest party may lose: fees on both sides.</summary>
    public const long Fees = 3_000;

    /// <summary>Blocks until every timeout is over.</summary>
    public const int AllBlocks = 40 + 160 + 60;

    // Rollup time moves on now and then even where nobody asks for anything.
    private const int IdleBlocks = 40;

    private readonly BatchWorld _world;
    private readonly List<ForcedOperation> _pending = [];
    private readonly HashSet<string> _submitted = new(StringComparer.Ordinal);

    private SwapWorld(BatchWorld world, SwapDirection direction, int clientSteps, int providerSteps)
    {
        _world = world;
        FirstHeight = world.Chain.Blocks.Count + 1;
        Client = new TestParty(this, SwapRole.Client, 2, 1) { StepsMax = clientSteps };
        Provider = new TestParty(this, SwapRole.Provider, 3, 2) { StepsMax = providerSteps };
        var second = Tip + 40;
        var first = second + Margins.Gap(direction);
        var (claimer, refunder) = direction == SwapDirection.In ? (Provider, Client) : (Client, Provider);
        Terms = new SwapTerms(
            world.Chain.Rollup, direction, new Bytes32(SHA256.HashData(Preimage.Span)), Amount, Amount, new AccountId(2), new AccountId(3),
            claimer.PublicKey, refunder.PublicKey, (uint)(direction == SwapDirection.In ? first : second), (uint)(direction == SwapDirection.In ? second : first));
    }

    public static Bytes32 Preimage { get; } = new(SHA256.HashData("what the client draws"u8));

    public TestParty Client { get; }

    public TestParty Provider { get; }

    public SwapTerms Terms { get; }

    public int FirstHeight { get; }

    public RollupReplica Replica => _world.Replica;

    public IReadOnlyList<Block> Blocks => _world.Chain.Blocks;

    public IChainSource Source => _world.Chain.Chain;

    public BatchWorld Batches => _world;

    public int Tip => _world.Chain.Blocks.Count;

    /// <summary>What the operator does not let in.</summary>
    public Func<ForcedOperation, bool> Censors { get; set; } = static _ => false;

    /// <summary>The operator makes no batches at all.</summary>
    public bool IsStalled { get; set; }

    public static async Task<SwapWorld> CreateAsync(SwapDirection direction, ITestChain? chain = null, int clientSteps = int.MaxValue, int providerSteps = int.MaxValue)
    {
        var batches = await BatchWorld.CreateAsync(chain);
        await batches.AddUsersAsync(2);
        var world = new SwapWorld(batches, direction, clientSteps, providerSteps);
        world.Prove();
        await world.Client.BeginAsync(world.Terms, Margins, Preimage);
        await world.Provider.BeginAsync(world.Terms, Margins, null);
        return world;
    }

    /// <summary>Each side leaves after each number of its steps.</summary>
    public static TheoryData<SwapDirection, int, int> Aborts()
    {
        var data = new TheoryData<SwapDirection, int, int>();
        foreach (var direction in (SwapDirection[])[SwapDirection.In, SwapDirection.Out])
        {
            for (var steps = 0; steps <= 3; steps++)
            {
                data.Add(direction, steps, int.MaxValue);
                data.Add(direction, int.MaxValue, steps);
            }
        }

        return data;
    }

    public async Task PayAsync(Script script, Satoshis amount) => await _world.Chain.PayAsync(new TxOut(amount, script));

    public (OperationRequest Request, byte[] Signature) Sign(uint account, Operation operation, uint expiry) => _world.Sign(account, operation, expiry);

    public Task PostAsync(ForcedOperation operation) => _world.PostAsync(operation.Write());

    public Refusal? Submit(ForcedOperation operation)
    {
        if (Censors(operation))
            return new Refusal("sequencer", "is of ill will");
        if (_submitted.Add(Convert.ToHexString(operation.Write())))
            _pending.Add(operation);
        return null;
    }

    /// <summary>One block, with a batch where the operator has a reason for one.</summary>
    public async Task NextBlockAsync()
    {
        var last = _world.Last!;
        var hasReason = _pending.Count > 0 || _world.Chain.Follower.PostsUpTo(Tip) > last.ForcedCursor || Tip - last.Height >= IdleBlocks;
        if (hasReason && !IsStalled)
        {
            var (header, body) = _world.Make(builder =>
            {
                foreach (var operation in _pending)
                    _ = builder.Add(operation.Request, operation.Signature.Span);
            });
            _pending.Clear();
            await _world.AnchorAsync(header, body);
            Prove();
        }
        else
        {
            await _world.MineAsync(1);
        }
    }

    /// <summary>Both parties step, then comes a block; until both are done or gone, or a number of blocks has passed.</summary>
    public async Task RunAsync(int blocks)
    {
        for (var i = 0; i < blocks && !(IsDone(Client) && IsDone(Provider)); i++)
        {
            await Client.StepAsync();
            await Provider.StepAsync();
            await NextBlockAsync();
        }
    }

    /// <summary>What a party has now, less what it had: on both sides together.</summary>
    public long Gain(TestParty party)
    {
        var received = Blocks.SelectMany(static block => block.Transactions).SelectMany(static transaction => transaction.Outputs)
            .Where(output => output.ScriptPubKey == party.Destination)
            .Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        return (long)_world.BalanceOf(party.Account) - 50_000 + received.Value - party.Funded.Value;
    }

    public void Prove()
    {
        while (Replica.NextToProve is { } next)
            Assert.Null(Replica.Prove(WeakProofs.Prove(_world.Segments[(int)next.Number])));
    }

    /// <summary>A swap that both sides carry out: each has lost fees at most.</summary>
    public async Task RunToTheEndAsync()
    {
        await RunAsync(60);
        Assert.Equal(SwapStep.Swapped, Client.Last);
        Assert.Equal(SwapStep.Swapped, Provider.Last);
        foreach (var party in (TestParty[])[Client, Provider])
            Assert.InRange(Gain(party), -Fees, 0);
        var sign = Terms.Direction == SwapDirection.In ? 1 : -1;
        Assert.InRange(sign * ((long)_world.BalanceOf(2) - 50_000), Amount.Value - 10, Amount.Value + 10);
        Assert.True(Replica.ReportLiabilities()!.IsCovered);
    }

    /// <summary>A swap to all of its timeouts: whoever stays has lost fees at most.</summary>
    public async Task LeaveAsync()
    {
        await RunAsync(AllBlocks);
        foreach (var party in (TestParty[])[Client, Provider])
        {
            if (party.IsGone)
                continue;
            Assert.InRange(Gain(party), -Fees, long.MaxValue);
            Assert.Contains(party.Last, (SwapStep[])[SwapStep.Swapped, SwapStep.Refunded, SwapStep.Unlocked]);
        }
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static bool IsDone(TestParty party) => party.IsGone || party.Last >= SwapStep.Swapped;
}
