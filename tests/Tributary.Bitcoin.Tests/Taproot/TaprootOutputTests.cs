using System.Text.Json;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;

namespace Tributary.Bitcoin.Tests.Taproot;

/// <summary>BIP 341's wallet vectors.</summary>
public sealed class TaprootOutputTests
{
    private const string File = "bitcoin/bip341_wallet_vectors.json";

    [Fact]
    public void Outputs_have_the_expected_keys_trees_and_addresses()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("scriptPubKey").EnumerateArray())
        {
            var given = row.GetProperty("given");
            var leaves = new List<TaprootLeafScript>();
            if (given.GetProperty("scriptTree").ValueKind != JsonValueKind.Null)
                Collect(given.GetProperty("scriptTree"), 0, leaves);
            var tree = leaves.Count == 0 ? null : TaprootTree.Create([.. leaves]);
            var output = TaprootOutput.Create(Parse32(given.GetProperty("internalPubkey")), tree).Value;

            var intermediary = row.GetProperty("intermediary");
            Assert.Equal(intermediary.GetProperty("tweakedPubkey").GetString(), output.OutputKey.ToString());
            if (tree is not null)
                Assert.Equal(intermediary.GetProperty("merkleRoot").GetString(), tree.Root.ToString());
            var expected = row.GetProperty("expected");
            Assert.Equal(expected.GetProperty("scriptPubKey").GetString(), output.ScriptPubKey.ToHex());
            Assert.True(Address.TryFromScript(output.ScriptPubKey, BitcoinNetwork.Mainnet, out var address));
            Assert.Equal(expected.GetProperty("bip350Address").GetString(), address.ToString());
            if (expected.TryGetProperty("scriptPathControlBlocks", out var blocks))
            {
                // The file counts leaves by the ids it gives them.
                var order = Ids(given.GetProperty("scriptTree")).ToArray();
                for (var i = 0; i < leaves.Count; i++)
                {
                    Assert.Equal(blocks[order[i]].GetString(), Hex.Encode(output.ControlBlock(i)));
                    Assert.True(new TaprootLeaf(output.ControlBlock(i), leaves[i].Script, leaves[i].Version).IsCommittedBy(output.OutputKey));
                }
            }
        }
    }

    [Fact]
    public void The_key_path_is_signed_as_expected()
    {
        using var vectors = Testing.Vectors.Json(File);
        foreach (var row in vectors.RootElement.GetProperty("keyPathSpending").EnumerateArray())
        {
            var given = row.GetProperty("given");
            var transaction = Transaction.Parse(given.GetProperty("rawUnsignedTx").GetString()).Value;
            var spent = given.GetProperty("utxosSpent").EnumerateArray()
                .Select(static output => new TxOut(new Satoshis(output.GetProperty("amountSats").GetInt64()), new Script(Convert.FromHexString(output.GetProperty("scriptPubKey").GetString()!))))
                .ToArray();
            var psbt = PartiallySignedTransaction.Create(transaction).Value;
            psbt = psbt.WithInputs([.. spent.Select(static output => new PsbtInput { WitnessUtxo = output })]);
            using var keys = new KeyRing();
            foreach (var spending in row.GetProperty("inputSpending").EnumerateArray())
            {
                var facts = spending.GetProperty("given");
                Assert.True(SecretKey.TryCreate(Convert.FromHexString(facts.GetProperty("internalPrivkey").GetString()!), out var key));
                using (key)
                    keys.Add(key);
                var root = facts.GetProperty("merkleRoot");
                var index = facts.GetProperty("txinIndex").GetInt32();
                psbt = psbt.WithInput(index, psbt.Inputs[index] with
                {
                    SighashType = facts.GetProperty("hashType").GetUInt32(),
                    TaprootInternalKey = key.PublicKey.ToXOnly().ToBytes32(),
                    TaprootMerkleRoot = root.ValueKind == JsonValueKind.Null ? null : Parse32(root),
                });
            }

            var options = new PsbtSigningOptions { SighashTypes = [0, 1, 2, 3, 0x81, 0x82, 0x83] };
            var signed = PsbtSigner.Sign(psbt, keys, new ZeroEntropy(), options).Value.Psbt;
            foreach (var spending in row.GetProperty("inputSpending").EnumerateArray())
            {
                var index = spending.GetProperty("given").GetProperty("txinIndex").GetInt32();
                Assert.Equal(spending.GetProperty("expected").GetProperty("witness")[0].GetString(), Hex.Encode(signed.Inputs[index].TaprootKeySignature!.Value.Span));
            }
        }
    }

    [Fact]
    public void Leaves_that_form_no_tree_make_none()
    {
        TaprootLeafScript Leaf(int depth) => new(depth, StandardScripts.OpReturn([(byte)depth]));
        Assert.Throws<ArgumentException>(() => TaprootTree.Create());
        Assert.Throws<ArgumentException>(() => TaprootTree.Create(Leaf(1)));
        Assert.Throws<ArgumentException>(() => TaprootTree.Create(Leaf(1), Leaf(2)));
        Assert.Throws<ArgumentException>(() => TaprootTree.Create(Leaf(0), Leaf(0)));
        Assert.Throws<ArgumentException>(() => TaprootTree.Create(Leaf(1), Leaf(1), Leaf(1)));
        Assert.Equal(3, TaprootTree.Create(Leaf(1), Leaf(2), Leaf(2)).Leaves.Length);
    }

    private static void Collect(JsonElement node, int depth, List<TaprootLeafScript> leaves)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in node.EnumerateArray())
                Collect(child, depth + 1, leaves);
            return;
        }

        leaves.Add(new TaprootLeafScript(depth, new Script(Convert.FromHexString(node.GetProperty("script").GetString()!)), node.GetProperty("leafVersion").GetByte()));
    }

    private static IEnumerable<int> Ids(JsonElement node) =>
        node.ValueKind == JsonValueKind.Array ? node.EnumerateArray().ToArray().SelectMany(Ids) : [node.GetProperty("id").GetInt32()];

    private static Bytes32 Parse32(JsonElement text)
    {
        Assert.True(Bytes32.TryParse(text.GetString(), out var value));
        return value;
    }

    private sealed class ZeroEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => destination.Clear();
    }
}
