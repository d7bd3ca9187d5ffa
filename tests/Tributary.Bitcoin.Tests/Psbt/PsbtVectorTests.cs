using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Psbt;

/// <summary>The vectors of BIP 174 and BIP 371 as Bitcoin Core's functional test has them.</summary>
public sealed class PsbtVectorTests
{
    private const string File = "bitcoin/rpc_psbt.json";

    [Fact]
    public void Invalid_PSBTs_are_refused()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("invalid").EnumerateArray())
            Assert.False(PartiallySignedTransaction.ParseBase64(row.GetString()!).IsOk, row.GetString());
    }

    [Fact]
    public void Invalid_PSBTs_are_refused_with_a_reason()
    {
        using var vectors = Testing.Vectors.Json(File);
        var reasons = vectors.RootElement.GetProperty("invalid_with_msg").EnumerateArray()
            .Select(static row => PartiallySignedTransaction.ParseBase64(row[0].GetString()!).Error.ToString())
            .ToArray();
        Assert.Equal(2, reasons.Length);
        Assert.Equal("inputs[0].tap_bip32_derivation: is no list of leaf hashes, fingerprint and path", reasons[0]);
        Assert.Equal("outputs[0].tap_tree: is empty", reasons[1]);
    }

    [Fact]
    public void Valid_PSBTs_are_read_and_written_the_same()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("valid").EnumerateArray())
        {
            var psbt = PartiallySignedTransaction.ParseBase64(row.GetString()!);
            Assert.True(psbt.IsOk, $"{psbt} {row.GetString()}");

            // One row says that it is of version 0, which is what saying nothing means.
            const string SaysItsVersion = "cHNidP8B+w";
            if (!row.GetString()!.StartsWith(SaysItsVersion, StringComparison.Ordinal))
                Assert.Equal(row.GetString()!, psbt.Value.ToBase64());
            Assert.Equal(psbt.Value.ToBase64(), PartiallySignedTransaction.Parse(psbt.Value.ToBytes()).Value.ToBase64());
        }
    }

    [Fact]
    public void The_creator_makes_the_expected_PSBT()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("creator").EnumerateArray())
        {
            var inputs = row.GetProperty("inputs").EnumerateArray().Select(static input =>
            {
                Assert.True(TxId.TryParse(input.GetProperty("txid").GetString(), out var id));
                return new TxIn(new OutPoint(id, input.GetProperty("vout").GetUInt32()), TxIn.Final);
            });
            var outputs = row.GetProperty("outputs").EnumerateArray().Select(static output =>
            {
                var pair = output.EnumerateObject().Single();
                Assert.True(Satoshis.TryParseBitcoin(pair.Value.GetRawText(), out var amount));
                return new TxOut(amount, Address.Parse(pair.Name, BitcoinNetwork.Regtest).Value.ScriptPubKey);
            });
            var transaction = Transaction.Create(2, inputs.ToArray(), outputs.ToArray());
            Assert.Equal(row.GetProperty("result").GetString(), PartiallySignedTransaction.Create(transaction).Value.ToBase64());
        }
    }

    [Fact]
    public void The_signer_adds_the_expected_signatures()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("signer").EnumerateArray())
        {
            using var keys = new KeyRing();
            foreach (var text in row.GetProperty("privkeys").EnumerateArray())
            {
                using var key = WifKey.Parse(text.GetString(), BitcoinNetwork.Regtest).Value;
                keys.Add(key.SecretKey);
            }

            var psbt = PartiallySignedTransaction.ParseBase64(row.GetProperty("psbt").GetString()!).Value;

            // Rows in which something contradicts itself come back as they went in.
            var result = PsbtSigner.Sign(psbt, keys, new SeededEntropy(1)).TryGet(out var signed) ? signed.Psbt : psbt;
            Assert.Equal(row.GetProperty("result").GetString(), result.ToBase64());
        }
    }

    [Fact]
    public void The_combiner_joins_in_either_order()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("combiner").EnumerateArray())
        {
            var psbts = row.GetProperty("combine").EnumerateArray().Select(static psbt => PartiallySignedTransaction.ParseBase64(psbt.GetString()!).Value).ToArray();
            Assert.Equal(row.GetProperty("result").GetString(), PsbtCombiner.Combine(psbts).Value.ToBase64());
            Assert.Equal(row.GetProperty("result").GetString(), PsbtCombiner.Combine([.. psbts.Reverse()]).Value.ToBase64());
        }
    }

    [Fact]
    public void The_finaliser_builds_scripts_that_spend()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("finalizer").EnumerateArray())
        {
            var final = PsbtFinalizer.Complete(PartiallySignedTransaction.ParseBase64(row.GetProperty("finalize").GetString()!).Value);
            Assert.Empty(final.Problems);
            Assert.Equal(row.GetProperty("result").GetString(), final.Psbt.ToBase64());
        }
    }

    [Fact]
    public void The_extractor_takes_out_the_transaction()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("extractor").EnumerateArray())
        {
            var psbt = PartiallySignedTransaction.ParseBase64(row.GetProperty("extract").GetString()!).Value;
            Assert.Equal(row.GetProperty("result").GetString(), PsbtFinalizer.Extract(psbt).Value.ToHex());
        }
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        using var vectors = Testing.Vectors.Json(File);
        Fuzz.Run(
            [.. vectors.RootElement.GetProperty("valid").EnumerateArray().Select(static row => Convert.FromBase64String(row.GetString()!))],
            static input =>
            {
                if (PartiallySignedTransaction.Parse(input).TryGet(out var psbt))
                    Assert.True(PartiallySignedTransaction.Parse(psbt.ToBytes()).IsOk);
            },
            limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 16384));
    }

    [Fact]
    public void Roles_bear_any_PSBT()
    {
        using var vectors = Testing.Vectors.Json(File);
        using var keys = new KeyRing();
        foreach (var text in vectors.RootElement.GetProperty("signer").EnumerateArray().SelectMany(static row => row.GetProperty("privkeys").EnumerateArray().ToArray()))
        {
            using var key = WifKey.Parse(text.GetString(), BitcoinNetwork.Regtest).Value;
            keys.Add(key.SecretKey);
        }

        var corpus = new[] { ("signer", "psbt"), ("finalizer", "finalize"), ("extractor", "extract") }
            .SelectMany(role => vectors.RootElement.GetProperty(role.Item1).EnumerateArray().Select(row => Convert.FromBase64String(row.GetProperty(role.Item2).GetString()!)))
            .ToArray();
        Fuzz.Run(
            corpus,
            input =>
            {
                if (!PartiallySignedTransaction.Parse(input).TryGet(out var psbt))
                    return;
                if (PsbtSigner.Sign(psbt, keys, new SeededEntropy(1)).TryGet(out var signed))
                    _ = PsbtFinalizer.Extract(PsbtFinalizer.Complete(signed.Psbt).Psbt);
            },
            iterations: 1000,
            limits: new FuzzLimits(BytesPerInputByte: 1024, Bytes: 1 << 20));
    }
}
