using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>Finds preimages in witnesses: whoever takes an HTLC by its preimage shows it to all.</summary>
internal static class PreimageSearch
{
    /// <summary>A preimage of the hash in an input's witness.</summary>
    internal static bool TryFind(Transaction transaction, int input, Bytes32 paymentHash, out Bytes32 preimage)
    {
        foreach (var item in transaction.Witness(input))
        {
            if (item.Length == Bytes32.Length && Hashes.Sha256(item.Span) == paymentHash)
            {
                preimage = new Bytes32(item.Span);
                return true;
            }
        }

        preimage = default;
        return false;
    }

    /// <summary>All preimages of these hashes in a transaction's witnesses.</summary>
    internal static IEnumerable<(Bytes32 Hash, Bytes32 Preimage)> FindAll(Transaction transaction, IReadOnlySet<Bytes32> hashes)
    {
        for (var input = 0; input < transaction.InputCount; input++)
        {
            foreach (var item in transaction.Witness(input))
            {
                if (item.Length == Bytes32.Length && Hashes.Sha256(item.Span) is var hash && hashes.Contains(hash))
                    yield return (hash, new Bytes32(item.Span));
            }
        }
    }
}
