using System.Numerics;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>
/// The secrets of the peer's revoked commitments, all of them in at most 49 entries (BOLT 3, "Efficient Per-commitment Secret Storage"). With
/// them every output of a revoked commitment can be taken. Secrets arrive in the order of the commitments.
/// </summary>
public sealed class RevokedSecrets
{
    private const int EntriesMax = 49;
    private const byte FormatVersion = 1;

    // An entry at bucket b holds the secret of an index with exactly b low zero bits, from which all indices below it follow.
    private readonly Bytes32[] _secrets = new Bytes32[EntriesMax];
    private int _count;

    /// <summary>How many commitments are revoked; the number of the next one.</summary>
    public ulong Revoked { get; private set; }

    /// <summary>Would <see cref="TryAdd"/> take this secret? Nothing changes.</summary>
    public bool Follows(Bytes32 secret)
    {
        if (Revoked > CommitmentNumber.Max)
            return false;

        var bucket = Bucket(CommitmentNumber.Max - Revoked);
        Span<byte> derived = stackalloc byte[Bytes32.Length];
        for (var b = 0; b < bucket; b++)
        {
            SecretTree.Derive(secret.Span, bucket, IndexAt(b), derived);
            if (!derived.SequenceEqual(_secrets[b].Span))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Takes the secret of the next commitment, <see cref="Revoked"/>; false, and nothing changes, when an earlier secret does not follow from
    /// it: the peer has sent a secret of its own making.
    /// </summary>
    public bool TryAdd(Bytes32 secret)
    {
        if (!Follows(secret))
            return false;

        var bucket = Bucket(CommitmentNumber.Max - Revoked);
        _secrets[bucket] = secret;
        _count = Math.Max(_count, bucket + 1);
        Revoked++;
        return true;
    }

    /// <summary>The secret of a revoked commitment; false when it is not revoked.</summary>
    public bool TryGet(ulong commitmentNumber, out Bytes32 secret)
    {
        secret = default;
        if (commitmentNumber >= Revoked)
            return false;

        var index = CommitmentNumber.Max - commitmentNumber;
        Span<byte> derived = stackalloc byte[Bytes32.Length];
        for (var b = 0; b < _count; b++)
        {
            var mask = ulong.MaxValue << b;
            if ((index & mask) != IndexAt(b))
                continue;
            SecretTree.Derive(_secrets[b].Span, b, index, derived);
            secret = new Bytes32(derived);
            return true;
        }

        return false;
    }

    /// <summary>Appends the stored form.</summary>
    public void WriteTo(ByteWriter writer)
    {
        writer.WriteByte(FormatVersion);
        writer.WriteUInt64BigEndian(Revoked);
        writer.WriteByte((byte)_count);
        for (var b = 0; b < _count; b++)
            writer.WriteBytes32(_secrets[b]);
    }

    /// <summary>Reads the stored form; false for bytes that <see cref="WriteTo"/> does not write.</summary>
    public static bool TryRead(ref SpanReader reader, out RevokedSecrets secrets)
    {
        secrets = new RevokedSecrets();
        if (!reader.TryReadByte(out var version) || version != FormatVersion
            || !reader.TryReadUInt64BigEndian(out var revoked) || revoked > CommitmentNumber.Max + 1
            || !reader.TryReadByte(out var count) || count != BucketsAfter(revoked))
        {
            return false;
        }

        secrets.Revoked = revoked;
        secrets._count = count;
        for (var b = 0; b < count; b++)
        {
            if (!reader.TryReadBytes32(out secrets._secrets[b]))
                return false;
        }

        return true;
    }

    // How many buckets are in use after so many secrets: the first index, 2^48 - 1, fills bucket 0, the second bucket 1, the fourth bucket 2.
    private static int BucketsAfter(ulong revoked) => revoked == 0 ? 0 : BitOperations.Log2(revoked) + 1;

    private static int Bucket(ulong index) => index == 0 ? EntriesMax - 1 : BitOperations.TrailingZeroCount(index);

    // The index whose secret bucket b holds: the lowest so far with exactly b low zero bits.
    private ulong IndexAt(int bucket)
    {
        if (bucket == EntriesMax - 1)
            return 0;
        var lowest = CommitmentNumber.Max + 1 - Revoked;
        var step = 1UL << (bucket + 1);
        var candidate = (lowest & ~(step - 1)) | (1UL << bucket);
        return candidate < lowest ? candidate + step : candidate;
    }
}
