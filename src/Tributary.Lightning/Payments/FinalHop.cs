using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>What an HTLC's onion tells us as the last node.</summary>
/// <param name="Payload">Amount and expiry are there.</param>
/// <param name="SharedSecret">An error goes back under it.</param>
internal sealed record FinalHop(HopPayload Payload, Bytes32 SharedSecret)
{
    private const ulong AmountType = 2;
    private const ulong ExpiryType = 4;
    private const ulong EncryptedDataType = 10;

    /// <summary>Opens the onion; null when the HTLC goes back, for which the step then has an effect.</summary>
    internal static FinalHop? Open(ReceivedHtlc htlc, SecretKey nodeKey, InvoiceStep step)
    {
        // Routes to this node are not blinded, so nobody has a path key for it (BOLT 4, "Route Blinding").
        if (htlc.PathKey is not null)
            return Malformed(step, htlc, FailureCode.InvalidOnionBlinding);

        var error = OnionPeeler.TryPeel(htlc.Onion.Span, nodeKey, htlc.PaymentHash.Span, out var peeled, out var secret);
        switch (error)
        {
            case OnionError.None:
                break;
            case OnionError.BadPayload:
                return Fail(step, htlc, secret, FailureMessage.OfPayload(0, 0));
            case OnionError.BadVersion:
                return Malformed(step, htlc, FailureCode.InvalidOnionVersion);
            case OnionError.BadKey:
                return Malformed(step, htlc, FailureCode.InvalidOnionKey);
            default:
                return Malformed(step, htlc, FailureCode.InvalidOnionHmac);
        }

        // This node passes nothing on.
        if (!peeled!.IsFinal)
            return Fail(step, htlc, secret, FailureMessage.Of(FailureCode.UnknownNextPeer));
        if (!HopPayload.Read(peeled.Payload.Span).TryGet(out var payload, out var fault))
            return Fail(step, htlc, secret, FailureMessage.OfPayload(fault.TlvType, fault.Offset));
        if (payload.EncryptedRecipientData is not null || payload.CurrentPathKey is not null)
            return Fail(step, htlc, secret, FailureMessage.OfPayload(EncryptedDataType, 0));
        if (payload.AmountToForward is null || payload.OutgoingCltv is null)
            return Fail(step, htlc, secret, FailureMessage.OfPayload(payload.AmountToForward is null ? AmountType : ExpiryType, 0));
        return new FinalHop(payload, secret);
    }

    /// <summary>Does the HTLC carry what its payer meant it to carry? When not, the step has an effect: the node before us changed it.</summary>
    internal static bool IsPlausible(FinalHop hop, ReceivedHtlc htlc, InvoiceStep step)
    {
        if (htlc.ExceedsDustExposure)
            Fail(step, htlc, hop.SharedSecret, FailureMessage.Of(FailureCode.TemporaryNodeFailure));
        else if (htlc.Amount < hop.Payload.AmountToForward)
            Fail(step, htlc, hop.SharedSecret, FailureMessage.OfFinalAmount(htlc.Amount));
        else if (htlc.CltvExpiry < hop.Payload.OutgoingCltv)
            Fail(step, htlc, hop.SharedSecret, FailureMessage.OfFinalExpiry(htlc.CltvExpiry));
        else
            return true;
        return false;
    }

    private static FinalHop? Fail(InvoiceStep step, ReceivedHtlc htlc, Bytes32 secret, FailureMessage failure)
    {
        step.Add(new InvoiceEffect.FailHtlc(htlc.Key, ErrorOnion.Create(secret, failure)));
        return null;
    }

    private static FinalHop? Malformed(InvoiceStep step, ReceivedHtlc htlc, FailureCode code)
    {
        step.Add(new InvoiceEffect.FailMalformedHtlc(htlc.Key, Hashes.Sha256(htlc.Onion.Span), code));
        return null;
    }
}
