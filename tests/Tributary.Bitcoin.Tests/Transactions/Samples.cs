using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Tests.Transactions;

/// <summary>Transactions and blocks for tests, made from a seed.</summary>
internal static class Samples
{
    /// <summary>A spend of a P2WPKH output, from the example of BIP 143.</summary>
    public const string SegwitHex =
        "01000000000102fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f00000000494830450221008b9d1dc26ba6a9cb62127b02742fa9d754cd3bebf337f7a55d114c8e5cdd30be022040529b194ba3f9281a99f2b1c0a19c0489bc22ede944ccf4ecbab4cc618ef3ed01eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac000247304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb1366d7f01cc44a0220573a954c4518331561406f90300e8f3358f51928d43c212a8caed02de67eebee0121025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee635711000000";

    public static Transaction Segwit { get; } = Transaction.Parse(SegwitHex.AsSpan()).Value;

    public static Transaction Random(int seed, bool withWitness = true)
    {
        var random = new Random(seed);
        var inputs = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new TxIn(
            new OutPoint(new TxId(new Bytes32(Bytes(random, 32))), (uint)random.Next(10)),
            new Script(Bytes(random, random.Next(300))),
            (uint)random.Next(),
            withWitness ? Witness.Of([.. Enumerable.Range(0, random.Next(4)).Select(_ => Bytes(random, random.Next(300)))]) : Witness.Empty)).ToArray();
        var outputs = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new TxOut(new Satoshis(random.Next()), new Script(Bytes(random, random.Next(60))))).ToArray();
        return Transaction.Create((uint)random.Next(), inputs, outputs, (uint)random.Next());
    }

    public static Transaction Coinbase(int height, params ReadOnlySpan<TxOut> outputs) => Transaction.Create(
        2, [new TxIn(OutPoint.Null, new ScriptBuilder().PushNumber(height).PushNumber(0).Build(), TxIn.Final, Witness.Of(new byte[32]))], outputs);

    /// <summary>A block whose Merkle root and witness commitment are right.</summary>
    public static Block Block(int height, params Transaction[] transactions)
    {
        var anyone = new TxOut(new Satoshis(50 * Satoshis.PerBitcoin), new Script(new byte[] { 0x51 }));
        var draft = Bitcoin.Blocks.Block.Create(default, [Coinbase(height, anyone), .. transactions]);
        var commitment = WitnessCommitment.Compute(MerkleTree.WitnessRoot(draft), new byte[32]);
        Transaction[] all = [Coinbase(height, anyone, new TxOut(default, WitnessCommitment.BuildScript(commitment))), .. transactions];
        var root = MerkleTree.Root(all.Select(static transaction => transaction.TxId.Value).ToArray());
        return Bitcoin.Blocks.Block.Create(new BlockHeader(0x2000_0000, default, root, 1_700_000_000, 0x207f_ffff, 0), all);
    }

    public static SecretKey Key(byte number)
    {
        var bytes = new byte[32];
        bytes[31] = number;
        return SecretKey.TryCreate(bytes, out var key) ? key : throw new InvalidOperationException("no such key");
    }

    public static byte[] Hash160(ReadOnlySpan<byte> bytes)
    {
        var hash = new byte[20];
        Hashes.Hash160(bytes, hash);
        return hash;
    }

    public static byte[] SignEcdsa(SecretKey key, Bytes32 hash, byte hashType)
    {
        var compact = new byte[64];
        Ecdsa.Sign(key, hash.Span, compact);
        var der = new byte[72];
        return [.. der.AsSpan(0, Ecdsa.CompactToDer(compact, der)), hashType];
    }

    /// <summary>A transaction with one P2WPKH input, rightly signed, and what it spends.</summary>
    public static (Transaction Transaction, TxOut Spent) P2wpkhSpend()
    {
        var key = Key(7);
        var publicKey = key.PublicKey.ToBytes();
        var spent = new TxOut(new Satoshis(100_000), StandardScripts.P2wpkh(Hash160(publicKey)));
        var outPoint = new OutPoint(Segwit.TxId, 0);
        var unsigned = Transaction.Create(2, [new TxIn(outPoint)], [new TxOut(new Satoshis(90_000), StandardScripts.P2wpkh(new byte[20]))]);
        var hash = SignatureHash.SegwitV0(unsigned, 0, StandardScripts.P2pkh(Hash160(publicKey)).Span, spent.Value, SighashType.All);
        var witness = Witness.Of(SignEcdsa(key, hash, SighashType.All), publicKey);
        return (unsigned.WithInputs([new TxIn(outPoint, Script.Empty, TxIn.Replaceable, witness)]), spent);
    }

    /// <summary>A transaction with one taproot input, spent by its key, and what it spends.</summary>
    public static (Transaction Transaction, TxOut Spent) P2trSpend()
    {
        var key = Key(9);
        var spent = new TxOut(new Satoshis(100_000), StandardScripts.P2tr(key.PublicKey.ToXOnly().ToBytes()));
        var outPoint = new OutPoint(Segwit.TxId, 0);
        var unsigned = Transaction.Create(2, [new TxIn(outPoint)], [new TxOut(new Satoshis(90_000), StandardScripts.P2wpkh(new byte[20]))]);
        var signature = new byte[64];
        Schnorr.Sign(key, SignatureHash.Taproot(unsigned, 0, [spent], SighashType.Default).Span, new byte[32], signature);
        return (unsigned.WithInputs([new TxIn(outPoint, Script.Empty, TxIn.Replaceable, Witness.Of(signature))]), spent);
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
