using System.Security.Cryptography;
using Tributary.Crypto;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;

namespace Tributary.Rollup.Sequencing;

/// <summary>
/// The operator's word that an operation has a place in a batch. It is worth as much as the operator until the batch is anchored and proven; with
/// it an operator who leaves the operation out can be shown to have lied.
/// </summary>
/// <param name="Rollup">The rollup's id.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Position">The place among the batch's operations, from 0.</param>
/// <param name="Operation">SHA-256 of the operation's encoding.</param>
/// <param name="Signature">
/// BIP 340, 64 bytes, then the path from the receipt to what was signed, 32 bytes for each step: receipts of one moment share a signature. Without a path the
/// receipt itself was signed.
/// </param>
public sealed record Receipt(Bytes32 Rollup, ulong Batch, int Position, Bytes32 Operation, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Steps of a path at most.</summary>
    public const int PathMax = 16;

    private static readonly TaggedHasher s_hash = new("Tributary/Receipt"u8);
    private static readonly TaggedHasher s_node = new("Tributary/ReceiptNode"u8);

    /// <summary>What a receipt names an operation by.</summary>
    public static Bytes32 DigestOf(in OperationRequest request) => new(SHA256.HashData(OperationCodec.Write(request)));

    /// <summary>Signs one.</summary>
    public static Receipt Sign(Bytes32 rollup, ulong batch, int position, Bytes32 operation, SecretKey key, IEntropy entropy)
    {
        var signature = new byte[Schnorr.SignatureLength];
        Schnorr.Sign(key, Hash(rollup, batch, position, operation).Span, entropy, signature);
        return new Receipt(rollup, batch, position, operation, signature);
    }

    /// <summary>Could bytes of this length be a receipt's signature?</summary>
    public static bool IsSignatureLength(int length) =>
        length is >= Schnorr.SignatureLength and <= Schnorr.SignatureLength + (PathMax * Bytes32.Length) && (length - Schnorr.SignatureLength) % Bytes32.Length == 0;

    /// <summary>Is it the operator's?</summary>
    public bool IsSignedBy(XOnlyPublicKey operatorKey)
    {
        if (!IsSignatureLength(Signature.Length))
            return false;
        var signed = Hash(Rollup, Batch, Position, Operation);
        for (var path = Signature.Span[Schnorr.SignatureLength..]; !path.IsEmpty; path = path[Bytes32.Length..])
            signed = Join(signed, new Bytes32(path[..Bytes32.Length]));
        return Schnorr.Verify(operatorKey, signed.Span, Signature.Span[..Schnorr.SignatureLength]);
    }

    public bool Equals(Receipt? other) =>
        other is not null
        && (Rollup, Batch, Position, Operation) == (other.Rollup, other.Batch, other.Position, other.Operation)
        && Signature.Span.SequenceEqual(other.Signature.Span);

    public override int GetHashCode() => HashCode.Combine(Batch, Position, Operation);

    /// <summary>What stands above two receipts, or two such nodes: the smaller first, as in a taproot tree, so a path needs no sides.</summary>
    internal static Bytes32 Join(Bytes32 one, Bytes32 other)
    {
        Span<byte> pair = stackalloc byte[2 * Bytes32.Length];
        var isOrdered = one.Span.SequenceCompareTo(other.Span) <= 0;
        (isOrdered ? one : other).Span.CopyTo(pair);
        (isOrdered ? other : one).Span.CopyTo(pair[Bytes32.Length..]);
        return s_node.Hash(pair);
    }

    /// <summary>What is signed of a receipt.</summary>
    internal static Bytes32 Hash(Bytes32 rollup, ulong batch, int position, Bytes32 operation)
    {
        var writer = new ByteWriter(80);
        writer.WriteBytes32(rollup);
        writer.WriteUInt64LittleEndian(batch);
        writer.WriteInt32LittleEndian(position);
        writer.WriteBytes32(operation);
        return s_hash.Hash(writer.WrittenSpan);
    }
}
