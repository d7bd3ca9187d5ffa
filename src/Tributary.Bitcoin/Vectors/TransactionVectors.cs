using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Vectors;

/// <summary>
/// <c>tx_valid.json</c> and <c>tx_invalid.json</c>: <c>[[[id, index, output script, amount?]…], transaction, flags]</c>. Valid rows name
/// the flags that must be off, as many as can be on; invalid rows the flags that must be on, as few as suffice.
/// </summary>
internal static class TransactionVectors
{
    private const string BadTransaction = "BADTX";

    internal static VectorVerdict RunValid(VectorRow row)
    {
        var excluded = row.Flags(2);
        var spend = Read(row);
        if (TransactionChecks.Check(spend.Transaction) is { } reason)
            return VectorVerdict.Fail($"the transaction is refused: {reason}");

        var flags = ScriptFlags.All & ~excluded;
        if (flags != flags.WithPrerequisites())
            throw new VectorFormatException("the flags left on need one that is off");
        if (spend.Verify(flags) is not ScriptError.Ok and var error)
            return VectorVerdict.Fail($"the error is {error.GetName()}");

        foreach (var flag in ScriptFlagNames.Each)
        {
            if (spend.Verify((flags & ~flag).WithoutOrphans()) != ScriptError.Ok)
                return VectorVerdict.Fail($"without {flag.GetNames()} it is invalid");
        }

        foreach (var fewer in WithOneLess(excluded))
        {
            if (spend.Verify(ScriptFlags.All & ~fewer) == ScriptError.Ok)
                return VectorVerdict.Fail($"it is valid with {(excluded & ~fewer).GetNames()}, too");
        }

        return VectorVerdict.Pass;
    }

    internal static VectorVerdict RunInvalid(VectorRow row)
    {
        var isBad = row.Text(2) is BadTransaction;
        var flags = isBad ? ScriptFlags.None : row.Flags(2);
        var spend = Read(row);
        if (TransactionChecks.Check(spend.Transaction) is { } reason)
            return isBad ? VectorVerdict.Pass : VectorVerdict.Fail($"the transaction is refused already for {reason}");
        if (isBad)
            return VectorVerdict.Fail("the transaction breaks no rule without its inputs");

        if (flags != flags.WithPrerequisites())
            throw new VectorFormatException("the flags need one that is off");
        if (spend.Verify(flags) == ScriptError.Ok)
            return VectorVerdict.Fail("it is valid");

        foreach (var flag in ScriptFlagNames.Each)
        {
            if (spend.Verify((flags | flag).WithPrerequisites()) == ScriptError.Ok)
                return VectorVerdict.Fail($"with {flag.GetNames()} it is valid");
        }

        foreach (var fewer in WithOneLess(flags))
        {
            if (spend.Verify(fewer) is not ScriptError.Ok and var error)
                return VectorVerdict.Fail($"without {(flags & ~fewer).GetNames()} it is invalid, too: {error.GetName()}");
        }

        return VectorVerdict.Pass;
    }

    // Every set of flags with one taken away (and what can't stand without it).
    private static IEnumerable<ScriptFlags> WithOneLess(ScriptFlags flags) =>
        ScriptFlagNames.Each.Select(flag => (flags & ~flag).WithoutOrphans()).Where(fewer => fewer != flags).Distinct();

    private static Spend Read(VectorRow row)
    {
        var outputs = new Dictionary<OutPoint, TxOut>();
        var inputs = row.Row(0);
        for (var i = 0; i < inputs.Count; i++)
        {
            var input = inputs.Row(i);
            if (input.Count is < 3 or > 4 || !TxId.TryParse(input.Text(0), out var id))
                throw new VectorFormatException($"input {i} is no output with its script");
            var amount = input.Count == 4 ? input.Sats(3) : Satoshis.Zero;
            outputs[new OutPoint(id, unchecked((uint)input.Number(1)))] = new TxOut(amount, input.Script(2));
        }

        return new Spend(row.Transaction(1), outputs);
    }

    private sealed class Spend
    {
        private readonly Dictionary<OutPoint, TxOut> _outputs;
        private TxOut[]? _spent;
        private PrecomputedTransactionData? _cache;

        internal Spend(Transaction transaction, Dictionary<OutPoint, TxOut> outputs)
        {
            Transaction = transaction;
            _outputs = outputs;
        }

        internal Transaction Transaction { get; }

        internal ScriptError Verify(ScriptFlags flags)
        {
            _spent ??= [.. Transaction.Inputs.Select(Find)];
            _cache ??= new PrecomputedTransactionData(Transaction, _spent);
            return TransactionVerifier.VerifyAll(Transaction, _spent, flags, out _, _cache);
        }

        private TxOut Find(TxIn input) =>
            _outputs.TryGetValue(input.PreviousOutput, out var output)
                ? output
                : throw new VectorFormatException($"the row lacks the output {input.PreviousOutput}");
    }
}
