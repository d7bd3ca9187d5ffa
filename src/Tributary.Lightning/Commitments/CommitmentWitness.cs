using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>The witnesses that open the outputs of BOLT 3, by who takes them. Signatures are over everything unless a hash type is given.</summary>
public static class CommitmentWitness
{
    /// <summary>Both signatures over the funding output, in the order of the keys.</summary>
    public static Witness Funding(
        in PublicKey firstKey, CompactSignature first, in PublicKey secondKey, CompactSignature second, Script fundingScript) => firstKey < secondKey
            ? Witness.Of([], Der(first), Der(second), fundingScript.ToArray())
            : Witness.Of([], Der(second), Der(first), fundingScript.ToArray());

    /// <summary>HTLC-success with a preimage, HTLC-timeout without.</summary>
    public static Witness HtlcTransaction(
        CompactSignature byCountersigner, byte countersignerHashType, CompactSignature byBroadcaster, Bytes32? preimage, Script htlcScript) =>
        Witness.Of([], Der(byCountersigner, countersignerHashType), Der(byBroadcaster), preimage?.ToArray() ?? [], htlcScript.ToArray());

    /// <summary>The broadcaster takes its own output, or that of an HTLC transaction, after the delay (as the input's sequence).</summary>
    public static Witness Delayed(CompactSignature signature, Script revocableScript) => Witness.Of(Der(signature), [], revocableScript.ToArray());

    /// <summary>The countersigner takes the same output when the commitment was revoked.</summary>
    public static Witness RevokedDelayed(CompactSignature byRevocationKey, Script revocableScript) =>
        Witness.Of(Der(byRevocationKey), [1], revocableScript.ToArray());

    /// <summary>The countersigner takes an HTLC output when the commitment was revoked.</summary>
    public static Witness RevokedHtlc(CompactSignature byRevocationKey, in PublicKey revocationKey, Script htlcScript) =>
        Witness.Of(Der(byRevocationKey), revocationKey.ToBytes(), htlcScript.ToArray());

    /// <summary>The countersigner takes an HTLC that the broadcaster offered, with the preimage.</summary>
    public static Witness OfferedHtlcByPreimage(CompactSignature byCountersigner, Bytes32 preimage, Script htlcScript) =>
        Witness.Of(Der(byCountersigner), preimage.ToArray(), htlcScript.ToArray());

    /// <summary>The countersigner takes back an HTLC that the broadcaster received, after its expiry (as the lock time).</summary>
    public static Witness ReceivedHtlcByTimeout(CompactSignature byCountersigner, Script htlcScript) =>
        Witness.Of(Der(byCountersigner), [], htlcScript.ToArray());

    /// <summary>The countersigner takes its own output in a channel with anchors, one block later (as the input's sequence).</summary>
    public static Witness ToRemoteWithAnchors(CompactSignature byCountersigner, Script toRemoteScript) =>
        Witness.Of(Der(byCountersigner), toRemoteScript.ToArray());

    /// <summary>The countersigner takes its own output in a channel without anchors.</summary>
    public static Witness ToRemoteWithoutAnchors(CompactSignature byCountersigner, in PublicKey paymentKey) =>
        Witness.Of(Der(byCountersigner), paymentKey.ToBytes());

    /// <summary>A side spends its anchor.</summary>
    public static Witness Anchor(CompactSignature byFundingKey, Script anchorScript) => Witness.Of(Der(byFundingKey), anchorScript.ToArray());

    /// <summary>Anyone spends an anchor after 16 blocks (as the input's sequence).</summary>
    public static Witness AnchorByAnyone(Script anchorScript) => Witness.Of([], anchorScript.ToArray());

    private static byte[] Der(CompactSignature signature, byte hashType = SighashType.All)
    {
        Span<byte> der = stackalloc byte[Ecdsa.DerLengthMax + 1];
        var length = Ecdsa.CompactToDer(signature.Span, der);
        der[length] = hashType;
        return der[..(length + 1)].ToArray();
    }
}
