using BenchmarkDotNet.Attributes;
using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Benchmarks;

/// <summary>
/// Signature checks per second: whole inputs through the interpreter (scripts, hashes, signature) beside the same signatures checked by
/// the bare library. Goal: at least 0.85 of the bare rate.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(VerifyConfig))]
public class VerifyBenchmarks
{
    private const int Inputs = 100;

    private readonly BareSecp256k1 _bare = new();
    private SignedSpend _spend = null!;

    [Params(SpendKind.P2wpkh, SpendKind.P2tr)]
    public SpendKind Kind { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _spend = SignedSpend.Create(Kind, Inputs);
        if (Bare() != Inputs || Interpreter() != Inputs)
            throw new InvalidOperationException("A signature that should be valid is not.");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Inputs)]
    public int Bare()
    {
        var valid = 0;
        foreach (var part in _spend.Parts)
        {
            var isValid = Kind == SpendKind.P2tr
                ? _bare.VerifySchnorr(part.Key, part.Signature, part.Hash)
                : _bare.VerifyEcdsa(part.Key, part.Signature, part.Hash);
            valid += isValid ? 1 : 0;
        }

        return valid;
    }

    [Benchmark(OperationsPerInvoke = Inputs)]
    public int Interpreter()
    {
        var valid = 0;
        var cache = new PrecomputedTransactionData(_spend.Transaction, _spend.Spent);
        for (var i = 0; i < Inputs; i++)
            valid += TransactionVerifier.VerifyInput(_spend.Transaction, i, _spend.Spent, ScriptFlags.Standard, cache) == ScriptError.Ok ? 1 : 0;
        return valid;
    }
}
