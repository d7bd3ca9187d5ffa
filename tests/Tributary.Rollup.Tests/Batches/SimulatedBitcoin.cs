using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Batches;

/// <summary>Blocks as a node would show them, of transactions that nobody signs: whoever reads them takes the node's word that they are valid.</summary>
internal sealed class SimulatedBitcoin
{
    private readonly List<Transaction> _waiting = [];
    private readonly Bytes32 _key;
    private uint _coin;

    public SimulatedBitcoin()
    {
        using var secret = SecretKey.Generate(new SeededEntropy(41));
        _key = secret.PublicKey.ToXOnly(out _).ToBytes32();
    }

    public List<Block> Blocks { get; } = [];

    public int Tip => Blocks.Count;

    /// <summary>The block at a height; blocks begin at 1.</summary>
    public Block this[int height] => Blocks[height - 1];

    public void Begin()
    {
        var genesis = new RollupGenesis(WeakProofs.Key.Digest, _key, _key, TestRollup.Keys[0].PublicKey.Root, TestRollup.Keys[0].PublicKey.Parameters);
        _waiting.Add(Transaction.Create(2, [Show(new Envelope(EnvelopeKind.Genesis, genesis.ToBytes(), _key))], [Anchor]));
    }

    public void Post(Bytes32 rollup, ReadOnlySpan<byte> operation) =>
        _waiting.Add(Transaction.Create(2, [Show(new Envelope(EnvelopeKind.Forced, ForcedPost.Payload(rollup, operation), _key))], [new TxOut(new Satoshis(330), Elsewhere)]));

    public void Deposit(Bytes32 rollup, AccountId account, Satoshis amount) => _waiting.Add(Transaction.Create(
        2, [new TxIn(NextCoin())], [new TxOut(amount, StandardScripts.P2tr(_key.Span)), new TxOut(Satoshis.Zero, SeenDeposit.Marker(rollup, account))]));

    public void AnchorBatch(OutPoint anchor, byte[] payload) =>
        _waiting.Add(Transaction.Create(2, [new TxIn(anchor), Show(new Envelope(EnvelopeKind.Batch, payload, _key))], [Anchor, new TxOut(new Satoshis(330), Elsewhere)]));

    public void Mine()
    {
        var coinbase = Transaction.Create(2, [new TxIn(new OutPoint(default, uint.MaxValue))], [new TxOut(Satoshis.Zero, Elsewhere)], (uint)Tip + 1);
        var header = new BlockHeader(4, Blocks.Count == 0 ? default : Blocks[^1].Hash, default, (uint)Tip, 0, 0);
        Blocks.Add(Block.Create(header, [coinbase, .. _waiting]));
        _waiting.Clear();
    }

    private TxOut Anchor => new(AnchorOutputs.AnchorValue, AnchorOutputs.Anchor(_key));

    private static Script Elsewhere => StandardScripts.P2wpkh(new byte[20]);

    private TxIn Show(Envelope envelope) =>
        new TxIn(NextCoin()) with { Witness = Witness.Of(new byte[64], envelope.Build().ToArray(), AnchorOutputs.Commitment(envelope).ControlBlock(0)) };

    private OutPoint NextCoin()
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, _coin++);
        return new OutPoint(new TxId(new Bytes32(SHA256.HashData(bytes))), 0);
    }
}
