using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.Tests.Proving;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Operating;

/// <summary>A rollup from its genesis on, with a real wallet on a chain that validates everything.</summary>
public sealed class RollupOperatorTests : IDisposable
{
    private static readonly SeededEntropy s_entropy = new(21);
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-rollup-").FullName;
    private readonly SecretKey _key = SecretKey.Generate(s_entropy);
    private readonly SimulatedDisk _disk = new(3);
    private readonly List<Block> _blocks = [];
    private readonly Dictionary<uint, uint> _indices = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Bytes32 Key => _key.PublicKey.ToXOnly(out _).ToBytes32();

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Rollup_runs_from_genesis_over_restarts_and_a_late_replica_agrees()
    {
        await using var chain = EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value;
        await using var wallet = await OpenWalletAsync(chain);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var following = wallet.RunAsync(stop.Token);
        var script = (await wallet.NewAddressAsync(cancellationToken: Token)).Value.Address.ScriptPubKey;
        await MineAsync(chain, wallet, 120, script);
        var genesis = new RollupGenesis(WeakProofs.Key.Digest, Key, Key, TestRollup.Keys[0].PublicKey.Root, TestRollup.Keys[0].PublicKey.Parameters);
        var anchorer = new Anchorer(wallet, chain, _key, s_entropy, new FeeratePerKvB(50_000));
        var envelope = new Envelope(EnvelopeKind.Genesis, genesis.ToBytes(), Key);
        var posted = (await anchorer.PostAsync(envelope, null, makesAnchor: true, isLate: false, Token)).Value;
        Assert.Equal(posted.Inputs.First().PreviousOutput, (await anchorer.PostAsync(envelope, null, makesAnchor: true, isLate: true, Token)).Value.Inputs.First().PreviousOutput);
        await MineAsync(chain, wallet, 1, script);

        var replica = Show(new RollupReplica(1, null, WeakProofs.Verifier));
        var began = replica.Chain.Beginning!;
        var options = new OperatorOptions { Depth = 1 };
        for (var life = 0; life < 3; life++)
        {
            // Nothing but the sequencer's log, the wallet and the chain outlives this block.
            await using var sequencer = Sequencer.Open(_disk.Folder(), began, new SequencerOptions(), _key, s_entropy).Value;
            replica = Show(new RollupReplica(1, began.Rollup, WeakProofs.Verifier));
            var running = new RollupOperator(sequencer, replica, new Anchorer(wallet, chain, _key, s_entropy, new FeeratePerKvB(50_000)), options);
            Assert.Null(await running.StepAsync(Token));
            if (life == 0)
            {
                for (var user = 2u; user < 5; user++)
                    Assert.True((await sequencer.RegisterAsync(new RegisterAccount(TestRollup.KeyOf(user).PublicKey.Root, TestRollup.KeyOf(user).PublicKey.Parameters))).IsOk);
                await StepAsync(chain, wallet, running, script, 3);
                var deposit = new SendRequest
                {
                    Outputs = [new SendOutput(StandardScripts.P2tr(Key.Span), new Satoshis(70_000)), new SendOutput(SeenDeposit.Marker(began.Rollup, new AccountId(2)), Satoshis.Zero)],
                    Feerate = new FeeratePerKvB(3_000),
                };
                Assert.True((await wallet.SendAsync(deposit, Token)).TryGet(out _, out var refused), refused?.ToString());
                await StepAsync(chain, wallet, running, script, 4);
                Assert.Equal(70_000u, sequencer.FindBalance(new AccountId(2), AssetId.Bitcoin).Units);
            }

            Assert.True((await PayAsync(sequencer, began.Rollup, 2, 3, 1_000)).IsOk);
            await StepAsync(chain, wallet, running, script, life == 1 ? 0 : 4);
        }

        Assert.Empty(replica.Refused);
        var late = Show(new RollupReplica(1, null, WeakProofs.Verifier));
        await using var last = Sequencer.Open(_disk.Folder(), began, new SequencerOptions(), _key, s_entropy).Value;
        Assert.Equal(late.Ledger!.Root, last.Root);
        Assert.Equal(3_000u, late.Ledger.Engine.State.Read(Finance.State.FinanceLeaves.Balances, Finance.State.BalanceLeaf.Address(new AccountId(3), AssetId.Bitcoin)).Amount.Units);
        await stop.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task<Wallet> OpenWalletAsync(EmbeddedChain chain)
    {
        var store = WalletLogStore.Open(Path.Combine(_folder, "wallet"), s_entropy).Value;
        using var seed = WalletSeed.Generate(s_entropy);
        var options = new WalletOptions { FallbackFeerate = new FeeratePerKvB(2_000) };
        var created = await Wallet.CreateAsync(store, new WalletCreation(chain.Network) { Seed = seed, Passphrase = WalletPassphrase.None }, chain, s_entropy, TimeProvider.System, options, Token);
        return created.Value;
    }

    private async Task StepAsync(EmbeddedChain chain, Wallet wallet, RollupOperator running, Script script, int blocks)
    {
        for (var i = 0; i < blocks; i++)
        {
            var before = _blocks.Count;
            await MineAsync(chain, wallet, 1, script);
            for (var height = before; height < _blocks.Count; height++)
                running.Observe(new ChainEvent.Connected(height + 1, _blocks[height]));
            Assert.Null(await running.StepAsync(Token));
        }
    }

    private async Task MineAsync(EmbeddedChain chain, Wallet wallet, int count, Script script)
    {
        Assert.True((await chain.MineAsync(count, script, Token)).IsOk);
        Assert.Null(await wallet.WaitUntilSyncedAsync(Token));
        var tip = (await chain.GetTipAsync(Token)).Value.Height;
        while (_blocks.Count < tip)
            _blocks.Add((await chain.GetBlockAsync((await chain.GetBlockHashAsync(_blocks.Count + 1, Token)).Value, Token)).Value);
    }

    private RollupReplica Show(RollupReplica replica)
    {
        while (replica.NextHeight <= _blocks.Count)
            replica.Connect(replica.NextHeight, _blocks[replica.NextHeight - 1]);
        return replica;
    }

    private Task<Primitives.Results.Result<Receipt, Primitives.Results.Refusal>> PayAsync(Sequencer sequencer, Bytes32 rollup, uint from, uint to, ulong amount)
    {
        var index = _indices.GetValueOrDefault(from);
        _indices[from] = index + 1;
        var request = new OperationRequest(new Transfer(AssetId.Bitcoin, new AccountId(to), amount), new Authorisation(new AccountId(from), index, 3, uint.MaxValue));
        return sequencer.SubmitAsync(request, TestRollup.KeyOf(from).Sign(index, OperationDigest.Compute(rollup, request)).Value);
    }
}
