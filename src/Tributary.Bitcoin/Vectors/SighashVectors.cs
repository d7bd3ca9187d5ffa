using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Vectors;

/// <summary><c>sighash.json</c>: <c>[transaction, script code, input, hash type, hash as shown]</c>.</summary>
internal static class SighashVectors
{
    internal static VectorVerdict Run(VectorRow row)
    {
        var transaction = row.Transaction(0);
        if (TransactionChecks.Check(transaction) is { } reason)
            return VectorVerdict.Fail($"the transaction is refused: {reason}");

        var input = row.Number(2);
        if (input < 0 || input >= transaction.InputCount)
            throw new VectorFormatException("field 2 is no input of the transaction");

        var hash = SignatureHash.Legacy(transaction, input, row.Bytes(1), row.Number(3)).ToReversedHex();
        var expected = row.Text(4);
        return string.Equals(hash, expected, StringComparison.Ordinal) ? VectorVerdict.Pass : VectorVerdict.Fail($"the hash is {hash}, not {expected}");
    }
}
