using System.Text;
using Tributary.Bitcoin.Encodings;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Invoices;

/// <summary>The signature at the end of an invoice: over the prefix and all data before it, with its recovery id.</summary>
internal static class InvoiceSignature
{
    internal static byte[] Make(string prefix, ReadOnlySpan<byte> values, SecretKey nodeKey)
    {
        var signature = Ecdsa.SignRecoverable(nodeKey, Hash(prefix, values).Span);
        return Bech32.ToFiveBits([.. signature.Span, (byte)signature.RecoveryId]);
    }

    internal static Result<InvoicePayee, Refusal> Check(
        string prefix, ReadOnlySpan<byte> values, ReadOnlySpan<byte> signatureValues, IReadOnlyList<InvoiceField> fields)
    {
        var bytes = FiveBits.ToBytes(signatureValues);
        if (bytes[64] > 3)
            return new Refusal("signature", "has a recovery id that is not 0 to 3");

        var hash = Hash(prefix, values);
        foreach (var field in fields)
        {
            // A named payee must have signed, with a low S: no recovery.
            if (field.Tag != InvoiceTag.Payee || field.Values.Length != 53)
                continue;
            if (!PublicKey.TryParse(FiveBits.ToBytes(field.Values.Span), out var named))
                return new Refusal("n", "is no point of secp256k1");
            return Ecdsa.Verify(named, bytes.AsSpan(0, 64), hash.Span)
                ? new InvoicePayee(named, IsNamed: true)
                : new Refusal("signature", "is not that of the payee whom the invoice names, or has a high S");
        }

        return Ecdsa.TryRecover(new RecoverableSignature(bytes.AsSpan(0, 64), bytes[64]), hash.Span, out var payee)
            ? new InvoicePayee(payee, IsNamed: false)
            : new Refusal("signature", "is nobody's");
    }

    private static Bytes32 Hash(string prefix, ReadOnlySpan<byte> values)
    {
        var stream = default(Sha256Stream);
        stream.Append(Encoding.ASCII.GetBytes(prefix));
        stream.Append(FiveBits.ToPaddedBytes(values));
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        stream.Finish(hash);
        return new Bytes32(hash);
    }
}
