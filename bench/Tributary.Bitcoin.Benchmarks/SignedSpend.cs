using System.Text;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Benchmarks;

/// <summary>A transaction with inputs of one kind, each signed with its own key, and the parts of its signatures for the bare library.</summary>
internal sealed class SignedSpend
{
    private SignedSpend(Transaction transaction, TxOut[] spent, SignedPart[] parts)
    {
        Transaction = transaction;
        Spent = spent;
        Parts = parts;
    }

    public Transaction Transaction { get; }

    public TxOut[] Spent { get; }

    public SignedPart[] Parts { get; }

    public static SignedSpend Create(SpendKind kind, int inputs, int seed = 0)
    {
        var keys = Enumerable.Range(0, inputs).Select(i => Key($"{kind} {seed} {i}")).ToArray();
        var spent = keys.Select(key => new TxOut(new Satoshis(100_000), Output(kind, key))).ToArray();
        var outPoints = Enumerable.Range(0, inputs).Select(i => new OutPoint(new TxId(Hashes.Sha256(BitConverter.GetBytes((seed * 1000) + i))), (uint)i % 4)).ToArray();
        TxOut[] outputs = [new(new Satoshis(40_000), StandardScripts.P2wpkh(new byte[20])), new(new Satoshis(50_000), Output(kind, keys[0]))];
        var unsigned = Transaction.Create(2, outPoints.Select(static outPoint => new TxIn(outPoint)).ToArray(), outputs);
        var cache = new PrecomputedTransactionData(unsigned, spent, forSigning: true);
        var parts = keys.Select((key, i) => Sign(kind, key, unsigned, i, spent, cache)).ToArray();
        var signed = unsigned.WithInputs(outPoints.Select((outPoint, i) => new TxIn(outPoint, default, TxIn.Replaceable, Witness.Of(parts[i].Witness))).ToArray());
        return new SignedSpend(signed, spent, parts);
    }

    private static SecretKey Key(string name) => SecretKey.TryCreate(Hashes.Sha256(Encoding.UTF8.GetBytes(name)).Span, out var key) ? key : throw new InvalidOperationException("no such key");

    private static Script Output(SpendKind kind, SecretKey key) =>
        kind == SpendKind.P2tr ? StandardScripts.P2tr(key.PublicKey.ToXOnly().ToBytes()) : StandardScripts.P2wpkh(Hash160(key.PublicKey.ToBytes()));

    private static SignedPart Sign(SpendKind kind, SecretKey key, Transaction unsigned, int input, TxOut[] spent, PrecomputedTransactionData cache)
    {
        var signature = new byte[72];
        if (kind == SpendKind.P2tr)
        {
            var tapHash = SignatureHash.Taproot(unsigned, input, spent, SighashType.Default, cache: cache);
            Schnorr.Sign(key, tapHash.Span, new byte[32], signature.AsSpan(0, 64));
            return new SignedPart(Pinned(key.PublicKey.ToXOnly().ToBytes()), Pinned(signature.AsSpan(0, 64)), Pinned(tapHash.Span), [signature[..64]]);
        }

        var publicKey = key.PublicKey.ToBytes();
        var hash = SignatureHash.SegwitV0(unsigned, input, StandardScripts.P2pkh(Hash160(publicKey)).Span, spent[input].Value, SighashType.All, cache);
        var compact = new byte[64];
        Ecdsa.Sign(key, hash.Span, compact);
        var der = signature.AsSpan(0, Ecdsa.CompactToDer(compact, signature));
        return new SignedPart(Pinned(publicKey), Pinned(der), Pinned(hash.Span), [[.. der, SighashType.All], publicKey]);
    }

    private static byte[] Hash160(byte[] bytes)
    {
        var hash = new byte[20];
        Hashes.Hash160(bytes, hash);
        return hash;
    }

    private static byte[] Pinned(ReadOnlySpan<byte> bytes)
    {
        var copy = GC.AllocateArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(copy);
        return copy;
    }
}
