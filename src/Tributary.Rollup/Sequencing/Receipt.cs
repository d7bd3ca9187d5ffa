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
/// <param name="Signature">BIP 340, 64 bytes.</param>
public sealed record Receipt(Bytes32 Rollup, ulong Batch, int Position, Bytes32 Operation, ReadOnlyMemory<byte> Signature)
{
    private static readonly TaggedHasher s_hash = new("Tributary/Receipt"u8);

    /// <summary>What a receipt names an operation by.</summary>
    public static Bytes32 DigestOf(in OperationRequest request) => new(SHA256.HashData(OperationCodec.Write(request)));

    /// <summary>Signs one.</summary>
    public static Receipt Sign(Bytes32 rollup, ulong batch, int position, Bytes32 operation, SecretKey key, IEntropy entropy)
    {
        var signature = new byte[64];
        Schnorr.Sign(key, Hash(rollup, batch, position, operation).Span, entropy, signature);
        return new Receipt(rollup, batch, position, operation, signature);
    }

    /// <summary>Is it the operator's?</summary>
    public bool IsSignedBy(XOnlyPublicKey operatorKey) =>
        Signature.Length == 64 && Schnorr.Verify(operatorKey, Hash(Rollup, Batch, Position, Operation).Span, Signature.Span);

    public bool Equals(Receipt? other) =>
        other is not null
        && (Rollup, Batch, Position, Operation) == (other.Rollup, other.Batch, other.Position, other.Operation)
        && Signature.Span.SequenceEqual(other.Signature.Span);

    public override int GetHashCode() => HashCode.Combine(Batch, Position, Operation);

    private static Bytes32 Hash(Bytes32 rollup, ulong batch, int position, Bytes32 operation)
    {
        var writer = new ByteWriter(80);
        writer.WriteBytes32(rollup);
        writer.WriteUInt64LittleEndian(batch);
        writer.WriteInt32LittleEndian(position);
        writer.WriteBytes32(operation);
        return s_hash.Hash(writer.WrittenSpan);
    }
}
