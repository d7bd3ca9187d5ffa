using BenchmarkDotNet.Attributes;
using Tributary.Crypto.Native;

namespace Tributary.Crypto.Benchmarks;

/// <summary>
/// Signature checks against the library's bare rate: the same native calls on memory that is pinned beforehand, with nothing of ours
/// around them.
/// </summary>
[MemoryDiagnoser]
public unsafe class VerifyBenchmarks
{
    private readonly byte[] _hash = Pinned(32);
    private readonly byte[] _compact = Pinned(64);
    private readonly byte[] _schnorr = Pinned(64);
    private readonly byte[] _parsed = Pinned(64);
    private readonly byte[] _signature = Pinned(64);
    private byte[] _der = [];
    private byte[] _publicKey = [];
    private byte[] _xOnly = [];
    private SecretKey _key = null!;
    private PublicKey _point;

    [GlobalSetup]
    public void SetUp()
    {
        _key = SecretKey.Generate(new SeededEntropy(1));
        new SeededEntropy(2).Fill(_hash);
        Ecdsa.Sign(_key, _hash, _compact);
        var der = new byte[72];
        _der = PinnedCopy(der.AsSpan(0, Ecdsa.CompactToDer(_compact, der)));
        _point = _key.PublicKey;
        _publicKey = PinnedCopy(_point.ToBytes());
        _xOnly = PinnedCopy(_point.ToXOnly().ToBytes());
        Schnorr.Sign(_key, _hash, new byte[32], _schnorr);
    }

    [Benchmark(Baseline = true)]
    public bool EcdsaBare()
    {
        fixed (byte* key = _parsed, signature = _signature, input = _publicKey, compact = _compact, hash = _hash)
        {
            var context = Secp256k1.Context;
            return Secp256k1Native.PublicKeyParse(context, key, input, 33) == 1
                && Secp256k1Native.SignatureParseCompact(context, signature, compact) == 1
                && Secp256k1Native.SignatureNormalize(context, signature, signature) >= 0
                && Secp256k1Native.EcdsaVerify(context, signature, hash, key) == 1;
        }
    }

    [Benchmark]
    public bool EcdsaVerifyLax() => Ecdsa.VerifyLax(_publicKey, _der, _hash);

    [Benchmark]
    public bool EcdsaVerifyParsedKey() => Ecdsa.Verify(_point, _compact, _hash);

    [Benchmark]
    public bool SchnorrBare()
    {
        fixed (byte* key = _parsed, input = _xOnly, signature = _schnorr, hash = _hash)
        {
            var context = Secp256k1.Context;
            return Secp256k1Native.XOnlyParse(context, key, input) == 1
                && Secp256k1Native.SchnorrVerify(context, signature, hash, 32, key) == 1;
        }
    }

    [Benchmark]
    public bool SchnorrVerify() => Schnorr.Verify(_xOnly, _hash, _schnorr);

    [Benchmark]
    public void EcdsaSign()
    {
        Span<byte> signature = stackalloc byte[64];
        Ecdsa.Sign(_key, _hash, signature);
    }

    [Benchmark]
    public void SchnorrSign()
    {
        Span<byte> signature = stackalloc byte[64];
        Schnorr.Sign(_key, _hash, _hash, signature);
    }

    private static byte[] Pinned(int length) => GC.AllocateArray<byte>(length, pinned: true);

    private static byte[] PinnedCopy(ReadOnlySpan<byte> bytes)
    {
        var copy = Pinned(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }
}
