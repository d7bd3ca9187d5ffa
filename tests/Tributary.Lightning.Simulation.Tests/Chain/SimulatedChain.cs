using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Chain.Embedded.Pool;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Amounts;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Simulation.Tests.Chain;

/// <summary>The chain that all nodes of a world share: full consensus and mempool policy, blocks when the world says so.</summary>
internal sealed class SimulatedChain
{
    /// <summary>Whoever mines keeps it.</summary>
    internal static readonly Script MinersScript = StandardScripts.P2wpkh([.. Enumerable.Repeat((byte)0x77, 20)]);

    private readonly SimulatedClock _clock;
    private readonly Dictionary<BlockHash, Block> _blocks = [];
    private readonly List<Block> _active = [RegtestRules.Genesis];
    private readonly FirstMiner _first = new();

    internal SimulatedChain(SimulatedClock clock)
    {
        _clock = clock;
        Engine = ChainEngine.Open(new MemoryDirectory(), new SeededEntropy(1)).Value;
        _blocks.Add(RegtestRules.Genesis.Hash, RegtestRules.Genesis);
        for (var i = 0; i < 101; i++)
            Mine(i == 0 ? _first.Script : MinersScript);
    }

    internal ChainEngine Engine { get; }

    /// <summary>From genesis to the tip, by height.</summary>
    internal IReadOnlyList<Block> Active => _active;

    internal int Height => _active.Count - 1;

    internal long Now => _clock.UnixSeconds;

    /// <summary>Transactions that wait.</summary>
    internal IReadOnlyCollection<PoolEntry> Waiting => Engine.Pool.Entries;

    internal Block? Find(BlockHash hash) => _blocks.GetValueOrDefault(hash);

    /// <summary>Pays the first coins of the world from the first block's, in one block.</summary>
    internal Transaction Endow(IReadOnlyList<TxOut> outputs)
    {
        var transaction = _first.Pay(_active[1].Transactions[0], outputs);
        var verdict = Engine.Broadcast(transaction, Now);
        Assert.True(verdict.IsAccepted, verdict.RejectReason);
        Mine();
        return transaction;
    }

    /// <summary>A block with what pays best.</summary>
    internal void Mine() => Mine(MinersScript);

    /// <summary>A block of a miner of its own mind: some of what waits, with whatever that depends on.</summary>
    internal void MineSome(Func<bool> takes)
    {
        var chosen = new List<PoolEntry>();
        foreach (var entry in Engine.Pool.Entries.OrderBy(static entry => entry.Ancestors().Count).ToArray())
        {
            if (entry.Parents.All(chosen.Contains) && takes())
                chosen.Add(entry);
        }

        var block = BlockMaker.Make(Engine.Tree.Tip, chosen, MinersScript, Engine.Tree.Count, Now);
        _blocks[block.Hash] = block;
        var verdict = Engine.Submit(block, Now);
        Assert.True(verdict.IsActive, verdict.Reason);
        Refresh();
    }

    /// <summary>Replaces the last blocks by as many empty ones and one more; what they held waits again.</summary>
    internal void Reorganise(int depth)
    {
        var parent = _active[^(depth + 1)].Hash;
        for (var i = 0; i <= depth; i++)
        {
            Assert.True(Engine.Tree.TryFind(parent, out var node));
            var block = Engine.MineOn(node, MinersScript, Now);
            _blocks[block.Hash] = block;
            parent = block.Hash;
        }

        Refresh();
    }

    /// <summary>What the mempool takes at least: miners are busy, and it is full.</summary>
    internal FeeratePerKvB Minimum { get; private set; } = new(1_000);

    /// <summary>The mempool fills up, or empties: what pays less than it now takes is gone.</summary>
    internal void Ask(FeeratePerKvB minimum)
    {
        Minimum = minimum;
        while (Engine.Pool.Entries.FirstOrDefault(entry => FeeratePerKvB.Of(FeeWithChildren(entry), SizeWithChildren(entry)) < minimum) is { } low)
            Evict(low);
    }

    /// <summary>Null when transactions together pay what the mempool takes, or why not.</summary>
    internal string? Refuse(IReadOnlyList<Transaction> package)
    {
        var (fee, size) = (Satoshis.Zero, 0);
        foreach (var transaction in package)
        {
            for (var i = 0; i < transaction.InputCount; i++)
            {
                var place = transaction.PreviousOutput(i);
                if (package.FirstOrDefault(one => one.TxId == place.TxId) is { } parent)
                    fee += parent.Output((int)place.Index).Value;
                else if (FindOutput(place) is { } spent)
                    fee += spent.Value;
                else
                    return null;
            }

            foreach (var output in transaction.Outputs)
                fee -= output.Value;
            size += transaction.VirtualSize;
        }

        return FeeratePerKvB.Of(fee, size) < Minimum ? "mempool min fee not met" : null;
    }

    private TxOut? FindOutput(OutPoint place) =>
        Engine.Tree.Coins.TryGet(place, out var coin) ? coin.Output : Engine.Pool.TryGetOutput(place, out var output) ? output : null;

    private static Satoshis FeeWithChildren(PoolEntry entry) => entry.Descendants().Aggregate(entry.Fee, static (sum, one) => sum + one.Fee);

    private static int SizeWithChildren(PoolEntry entry) => entry.Descendants().Aggregate(entry.VirtualSize, static (sum, one) => sum + one.VirtualSize);

    /// <summary>A mempool forgets something.</summary>
    internal void Evict(PoolEntry entry) => Engine.Pool.RemoveWithDescendants(entry);

    private void Mine(Script payTo)
    {
        var block = Engine.Mine(payTo, Now);
        _blocks[block.Hash] = block;
        Refresh();
    }

    private void Refresh()
    {
        var fresh = new Stack<Block>();
        var node = Engine.Tree.Tip;
        while (node.Height >= _active.Count || _active[node.Height].Hash != node.Hash)
        {
            fresh.Push(_blocks[node.Hash]);
            node = node.Parent!;
        }

        _active.RemoveRange(node.Height + 1, _active.Count - node.Height - 1);
        _active.AddRange(fresh);
    }

    /// <summary>The key of the first block's coins.</summary>
    private sealed class FirstMiner
    {
        private readonly SecretKey _key = SecretKey.TryCreate([.. Enumerable.Repeat((byte)0x31, 32)], out var key) ? key : throw new InvalidOperationException("No such key.");

        internal FirstMiner()
        {
            Span<byte> hash = stackalloc byte[20];
            Hashes.Hash160(_key.PublicKey.ToBytes(), hash);
            (Script, ScriptCode) = (StandardScripts.P2wpkh(hash), StandardScripts.P2pkh(hash));
        }

        internal Script Script { get; }

        private Script ScriptCode { get; }

        internal Transaction Pay(Transaction coinbase, IReadOnlyList<TxOut> outputs)
        {
            var spent = coinbase.Output(0);
            var change = outputs.Aggregate(spent.Value - new Satoshis(100_000), static (rest, output) => rest - output.Value);
            var unsigned = Transaction.Create(2, [new TxIn(coinbase.OutPointOf(0))], [.. outputs, new TxOut(change, MinersScript)]);
            Span<byte> compact = stackalloc byte[Ecdsa.CompactLength];
            var signature = new byte[Ecdsa.DerLengthMax + 1];
            Ecdsa.SignLowR(_key, SignatureHash.SegwitV0(unsigned, 0, ScriptCode.Span, spent.Value, SighashType.All).Span, compact);
            var length = Ecdsa.CompactToDer(compact, signature);
            signature[length] = SighashType.All;
            return unsigned.WithInputs([unsigned.Input(0) with { Witness = Witness.Of(signature[..(length + 1)], _key.PublicKey.ToBytes()) }]);
        }
    }
}
