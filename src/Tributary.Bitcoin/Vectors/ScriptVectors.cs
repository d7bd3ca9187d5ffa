using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Scripts.Execution;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Vectors;

/// <summary>
/// <c>script_tests.json</c>: <c>[[witness…, amount]?, scriptSig, scriptPubKey, flags, error, comment…]</c>. A witness item may be
/// <c>#SCRIPT# …</c>, a tapscript in words, and <c>#CONTROLBLOCK#</c>, its proof as the only leaf of a tree; <c>#TAPROOTOUTPUT#</c> in the
/// output script is then the key that commits to it.
/// </summary>
internal static class ScriptVectors
{
    private const string ScriptTag = "#SCRIPT#";
    private const string ControlBlockTag = "#CONTROLBLOCK#";
    private const string OutputTag = "#TAPROOTOUTPUT#";

    // The x of the generator: no row signs with it, any key does.
    private static readonly byte[] s_internalKey = Convert.FromHexString("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

    internal static VectorVerdict Run(VectorRow row)
    {
        // Flags first: a row for a proposed rule may hold words that only the proposal knows.
        var first = row.IsArray(0) ? 1 : 0;
        var flags = row.Flags(first + 2).WithPrerequisites();
        var spend = first == 0 ? new Spend(default, Satoshis.Zero, null) : ReadWitness(row.Row(0));
        var scriptSig = row.Script(first);
        var scriptPubKey = ReadOutputScript(row.Text(first + 1), first + 1, spend);
        var name = row.Text(first + 3);
        if (!ScriptErrorText.TryParse(name, out var expected))
            throw new VectorFormatException($"{name} is no script error");

        var credit = new TxOut(spend.Amount, scriptPubKey);
        var transaction = BuildSpending(credit, scriptSig, spend.Witness);
        var error = Verify(transaction, credit, flags);
        return error == expected
            ? CheckMonotonic(transaction, credit, flags, isValid: expected == ScriptError.Ok)
            : VectorVerdict.Fail($"the error is {error.GetName()}, not {name}");
    }

    private static ScriptError Verify(Transaction transaction, TxOut credit, ScriptFlags flags) =>
        TransactionVerifier.VerifyInput(transaction, 0, [credit], flags);

    // Rules only forbid: with one less a valid spend stays valid, with one more an invalid one stays invalid.
    private static VectorVerdict CheckMonotonic(Transaction transaction, TxOut credit, ScriptFlags flags, bool isValid)
    {
        foreach (var flag in ScriptFlagNames.Each)
        {
            var changed = isValid ? (flags & ~flag).WithoutOrphans() : (flags | flag).WithPrerequisites();
            if (changed != flags && Verify(transaction, credit, changed) == ScriptError.Ok != isValid)
                return VectorVerdict.Fail($"{(isValid ? "without" : "with")} {flag.GetNames()} it is {(isValid ? "invalid" : "valid")}");
        }

        return VectorVerdict.Pass;
    }

    private static Spend ReadWitness(VectorRow row)
    {
        var items = new List<byte[]>();
        byte[]? outputKey = null;
        for (var i = 0; i < row.Count - 1; i++)
        {
            var text = row.Text(i);
            if (text.StartsWith(ScriptTag, StringComparison.Ordinal))
                items.Add(VectorRow.ParseScript(text[ScriptTag.Length..], i).ToArray());
            else if (text is ControlBlockTag && items.Count > 0)
                items.Add(BuildControlBlock(items[^1], out outputKey));
            else
                items.Add(VectorRow.Decode(text, i));
        }

        return new Spend(Witness.Of(items.ToArray()), row.Bitcoins(row.Count - 1), outputKey);
    }

    private static Script ReadOutputScript(string text, int field, Spend spend)
    {
        if (text.Contains(OutputTag, StringComparison.Ordinal))
        {
            if (spend.OutputKey is not { } key)
                throw new VectorFormatException($"{OutputTag} stands without {ControlBlockTag}");
            text = text.Replace(OutputTag, $"0x{Hex.Encode(key)}", StringComparison.Ordinal);
        }

        return VectorRow.ParseScript(text, field);
    }

    private static byte[] BuildControlBlock(byte[] script, out byte[] outputKey)
    {
        var leaf = TaprootCommitment.LeafHash(TaprootCommitment.TapscriptLeafVersion, script);
        var tweak = TaggedHashes.TapTweak.HashPair(s_internalKey, leaf.Span);
        if (!XOnlyPublicKey.TryParse(s_internalKey, out var internalKey) || !internalKey.TweakAdd(tweak.Span, out XOnlyPublicKey output, out var isOdd))
            throw new VectorFormatException("the script has no taproot output");
        outputKey = output.ToBytes();
        return [(byte)(TaprootCommitment.TapscriptLeafVersion | (isOdd ? 1 : 0)), .. s_internalKey];
    }

    // A coinbase-like transaction that pays to the script, and one that spends it and pays on.
    private static Transaction BuildSpending(TxOut credit, Script scriptSig, Witness witness)
    {
        var empty = new Script(new byte[] { 0, 0 });
        var crediting = Transaction.Create(1, [new TxIn(OutPoint.Null, empty, TxIn.Final, Witness.Empty)], [credit]);
        return Transaction.Create(
            1, [new TxIn(crediting.OutPointOf(0), scriptSig, TxIn.Final, witness)], [new TxOut(credit.Value, Script.Empty)]);
    }

    private readonly record struct Spend(Witness Witness, Satoshis Amount, byte[]? OutputKey);
}
