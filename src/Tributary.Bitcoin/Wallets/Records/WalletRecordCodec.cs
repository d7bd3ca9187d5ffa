using System.Text;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.Records;

/// <summary>
/// Records as bytes: a kind, a version, and fields. A later version of a kind may only add fields at its end. A kind that is not known is
/// passed over when its number is odd and stops the wallet from opening when it is even, so that an older program never loses what
/// matters.
/// </summary>
internal static class WalletRecordCodec
{
    private const byte Version = 0;

    private enum Kind : byte
    {
        Created = 2,
        SeedStored = 4,
        AccountAdded = 6,
        AddressIssued = 8,
        TransactionAdded = 10,
        TransactionConfirmed = 12,
        TransactionConflicted = 14,
        TransactionAbandoned = 16,
        TipAdvanced = 18,
        TipRetreated = 20,
        LeaseTaken = 22,
        LeaseReleased = 24,
        CoverageReached = 25,
        LabelSet = 27,
    }

    internal static byte[] Encode(WalletRecord record)
    {
        var writer = new ByteWriter(64);
        switch (record)
        {
            case WalletRecord.Created created:
                Begin(writer, Kind.Created);
                WriteText(writer, created.Network);
                writer.WriteInt64LittleEndian(created.CreatedAt);
                WriteOptional(writer, created.Birthday, WriteTip);
                writer.WriteInt32LittleEndian(created.GapLimit);
                break;
            case WalletRecord.SeedStored seed:
                Begin(writer, Kind.SeedStored);
                writer.WriteByte(seed.IsSealed ? (byte)1 : (byte)0);
                writer.WriteCompactSizeBytes(seed.Content.Span);
                break;
            case WalletRecord.AccountAdded account:
                Begin(writer, Kind.AccountAdded);
                writer.WriteInt32LittleEndian(account.Id);
                writer.WriteByte((byte)account.Kind);
                writer.WriteByte(account.HasKeys ? (byte)1 : (byte)0);
                WriteText(writer, account.Receive);
                WriteText(writer, account.Change ?? "");
                break;
            case WalletRecord.AddressIssued issued:
                Begin(writer, Kind.AddressIssued);
                WriteBranch(writer, issued.Place.Account, issued.Place.IsChange);
                writer.WriteUInt32LittleEndian(issued.Place.Index);
                break;
            case WalletRecord.CoverageReached coverage:
                Begin(writer, Kind.CoverageReached);
                WriteBranch(writer, coverage.Account, coverage.IsChange);
                writer.WriteInt32LittleEndian(coverage.Count);
                break;
            case WalletRecord.LeaseTaken lease:
                Begin(writer, Kind.LeaseTaken);
                WriteText(writer, lease.Id);
                writer.WriteCompactSize((ulong)lease.OutPoints.Count);
                foreach (var outPoint in lease.OutPoints)
                    outPoint.WriteTo(writer);
                WriteOptional(writer, lease.ExpiresAt, static (writer, value) => writer.WriteInt64LittleEndian(value));
                WriteText(writer, lease.Purpose);
                break;
            case WalletRecord.LeaseReleased released:
                Begin(writer, Kind.LeaseReleased);
                WriteText(writer, released.Id);
                break;
            case WalletRecord.LabelSet label:
                Begin(writer, Kind.LabelSet);
                WriteText(writer, label.Subject);
                WriteText(writer, label.Text);
                break;
            default:
                EncodeChain(writer, record);
                break;
        }

        return writer.ToArray();
    }

    /// <summary>Reads a record; a null record is one to pass over.</summary>
    internal static Result<Decoded, Refusal> Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new SpanReader(bytes.Span);
        if (!reader.TryReadByte(out var kind) || !reader.TryReadByte(out _))
            return new Refusal("wallet.record", "is empty");

        WalletRecord? record = null;
        var isRead = (Kind)kind switch
        {
            Kind.Created => TryReadCreated(ref reader, out record),
            Kind.SeedStored => TryReadSeed(ref reader, out record),
            Kind.AccountAdded => TryReadAccount(ref reader, out record),
            Kind.AddressIssued => TryReadIssued(ref reader, out record),
            Kind.TransactionAdded => TryReadTransaction(ref reader, out record),
            Kind.TransactionConfirmed => TryReadConfirmed(ref reader, out record),
            Kind.TransactionConflicted => TryReadConflicted(ref reader, out record),
            Kind.TransactionAbandoned => TryReadAbandoned(ref reader, out record),
            Kind.TipAdvanced => TryReadTip(ref reader, out var tip) && Set(out record, new WalletRecord.TipAdvanced(tip)),
            Kind.TipRetreated => TryReadTip(ref reader, out var tip) && Set(out record, new WalletRecord.TipRetreated(tip)),
            Kind.CoverageReached => TryReadCoverage(ref reader, out record),
            Kind.LeaseTaken => TryReadLease(ref reader, out record),
            Kind.LeaseReleased => TryReadText(ref reader, out var id) && Set(out record, new WalletRecord.LeaseReleased(id)),
            Kind.LabelSet => TryReadText(ref reader, out var subject) && TryReadText(ref reader, out var text) && Set(out record, new WalletRecord.LabelSet(subject, text)),
            _ when (kind & 1) != 0 => true,
            _ => false,
        };
        if (isRead)
            return new Decoded(record);
        return Enum.IsDefined((Kind)kind)
            ? new Refusal("wallet.record", $"of kind {kind} is damaged: restore the wallet from a backup")
            : new Refusal("wallet.record", $"of kind {kind} is not known to this program: upgrade it");
    }

    private static void EncodeChain(ByteWriter writer, WalletRecord record)
    {
        switch (record)
        {
            case WalletRecord.TransactionAdded added:
                Begin(writer, Kind.TransactionAdded);
                writer.WriteCompactSizeBytes(added.Transaction.Memory.Span);
                writer.WriteInt64LittleEndian(added.SeenAt);
                writer.WriteByte(added.IsOwn ? (byte)1 : (byte)0);
                WriteOptional(writer, added.Fee, static (writer, fee) => writer.WriteInt64LittleEndian(fee.Value));
                WriteOptional(writer, added.Replaces, static (writer, id) => writer.WriteBytes32(id.Value));
                break;
            case WalletRecord.TransactionConfirmed confirmed:
                Begin(writer, Kind.TransactionConfirmed);
                writer.WriteBytes32(confirmed.TxId.Value);
                WriteTip(writer, confirmed.Block);
                writer.WriteInt32LittleEndian(confirmed.Position);
                break;
            case WalletRecord.TransactionConflicted conflicted:
                Begin(writer, Kind.TransactionConflicted);
                writer.WriteBytes32(conflicted.TxId.Value);
                writer.WriteBytes32(conflicted.By.Value);
                WriteTip(writer, conflicted.Block);
                break;
            case WalletRecord.TransactionAbandoned abandoned:
                Begin(writer, Kind.TransactionAbandoned);
                writer.WriteBytes32(abandoned.TxId.Value);
                break;
            case WalletRecord.TipAdvanced advanced:
                Begin(writer, Kind.TipAdvanced);
                WriteTip(writer, advanced.Tip);
                break;
            case WalletRecord.TipRetreated retreated:
                Begin(writer, Kind.TipRetreated);
                WriteTip(writer, retreated.Tip);
                break;
            default:
                throw new ArgumentException($"There is no encoding of {record.GetType().Name}.", nameof(record));
        }
    }

    private static void Begin(ByteWriter writer, Kind kind)
    {
        writer.WriteByte((byte)kind);
        writer.WriteByte(Version);
    }

    private static void WriteText(ByteWriter writer, string text) => writer.WriteCompactSizeBytes(Encoding.UTF8.GetBytes(text));

    private static void WriteTip(ByteWriter writer, ChainTip tip)
    {
        writer.WriteInt32LittleEndian(tip.Height);
        writer.WriteBytes32(tip.Hash.Value);
    }

    private static void WriteBranch(ByteWriter writer, int account, bool isChange)
    {
        writer.WriteInt32LittleEndian(account);
        writer.WriteByte(isChange ? (byte)1 : (byte)0);
    }

    private static void WriteOptional<T>(ByteWriter writer, T? value, Action<ByteWriter, T> write)
        where T : struct
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is { } present)
            write(writer, present);
    }

    private static bool Set(out WalletRecord? record, WalletRecord value)
    {
        record = value;
        return true;
    }

    private static bool TryReadText(ref SpanReader reader, out string text)
    {
        var isRead = reader.TryReadCompactSizeBytes(out var bytes);
        text = isRead ? Encoding.UTF8.GetString(bytes) : "";
        return isRead;
    }

    private static bool TryReadFlag(ref SpanReader reader, out bool flag)
    {
        var isRead = reader.TryReadByte(out var value);
        flag = value != 0;
        return isRead && value <= 1;
    }

    private static bool TryReadTip(ref SpanReader reader, out ChainTip tip)
    {
        var isRead = reader.TryReadInt32LittleEndian(out var height) & reader.TryReadBytes32(out var hash);
        tip = new ChainTip(height, new BlockHash(hash));
        return isRead && height >= 0;
    }

    private static bool TryReadId(ref SpanReader reader, out TxId id)
    {
        var isRead = reader.TryReadBytes32(out var value);
        id = new TxId(value);
        return isRead;
    }

    private static bool TryReadCreated(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        if (!TryReadText(ref reader, out var network) || !reader.TryReadInt64LittleEndian(out var createdAt) || !TryReadFlag(ref reader, out var hasBirthday))
            return false;
        var birthday = default(ChainTip);
        if ((hasBirthday && !TryReadTip(ref reader, out birthday)) || !reader.TryReadInt32LittleEndian(out var gapLimit))
            return false;
        return Set(out record, new WalletRecord.Created(network, createdAt, hasBirthday ? birthday : null, gapLimit));
    }

    private static bool TryReadSeed(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        return TryReadFlag(ref reader, out var isSealed)
            && reader.TryReadCompactSizeBytes(out var content)
            && Set(out record, new WalletRecord.SeedStored(isSealed, content.ToArray()));
    }

    private static bool TryReadAccount(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        return reader.TryReadInt32LittleEndian(out var id)
            && reader.TryReadByte(out var kind)
            && TryReadFlag(ref reader, out var hasKeys)
            && TryReadText(ref reader, out var receive)
            && TryReadText(ref reader, out var change)
            && Set(out record, new WalletRecord.AccountAdded(id, (WalletAccountKind)kind, hasKeys, receive, change.Length == 0 ? null : change));
    }

    private static bool TryReadIssued(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        return reader.TryReadInt32LittleEndian(out var account)
            && TryReadFlag(ref reader, out var isChange)
            && reader.TryReadUInt32LittleEndian(out var index)
            && Set(out record, new WalletRecord.AddressIssued(new ScriptPlace(account, isChange, index)));
    }

    private static bool TryReadCoverage(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        return reader.TryReadInt32LittleEndian(out var account)
            && TryReadFlag(ref reader, out var isChange)
            && reader.TryReadInt32LittleEndian(out var count)
            && Set(out record, new WalletRecord.CoverageReached(account, isChange, count));
    }

    private static bool TryReadTransaction(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        if (!reader.TryReadCompactSizeBytes(out var bytes)
            || !Transaction.Parse(bytes).TryGet(out var transaction)
            || !reader.TryReadInt64LittleEndian(out var seenAt)
            || !TryReadFlag(ref reader, out var isOwn)
            || !TryReadFlag(ref reader, out var hasFee))
            return false;

        var (fee, replaces) = (0L, default(TxId));
        if ((hasFee && !reader.TryReadInt64LittleEndian(out fee)) || !TryReadFlag(ref reader, out var hasReplaces) || (hasReplaces && !TryReadId(ref reader, out replaces)))
            return false;
        return Set(out record, new WalletRecord.TransactionAdded(transaction, seenAt, isOwn, hasFee ? new Satoshis(fee) : null, hasReplaces ? replaces : null));
    }

    private static bool TryReadConfirmed(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        return TryReadId(ref reader, out var id)
            && TryReadTip(ref reader, out var block)
            && reader.TryReadInt32LittleEndian(out var position)
            && Set(out record, new WalletRecord.TransactionConfirmed(id, block, position));
    }

    private static bool TryReadConflicted(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        return TryReadId(ref reader, out var id)
            && TryReadId(ref reader, out var by)
            && TryReadTip(ref reader, out var block)
            && Set(out record, new WalletRecord.TransactionConflicted(id, by, block));
    }

    private static bool TryReadAbandoned(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        return TryReadId(ref reader, out var id) && Set(out record, new WalletRecord.TransactionAbandoned(id));
    }

    private static bool TryReadLease(ref SpanReader reader, out WalletRecord? record)
    {
        record = null;
        if (!TryReadText(ref reader, out var id) || !reader.TryReadCount(OutPoint.Size, out var count))
            return false;
        var outPoints = new OutPoint[count];
        for (var i = 0; i < count; i++)
        {
            if (!OutPoint.TryRead(ref reader, out outPoints[i]))
                return false;
        }

        var expires = 0L;
        if (!TryReadFlag(ref reader, out var hasExpiry) || (hasExpiry && !reader.TryReadInt64LittleEndian(out expires)) || !TryReadText(ref reader, out var purpose))
            return false;
        return Set(out record, new WalletRecord.LeaseTaken(id, outPoints, hasExpiry ? expires : null, purpose));
    }

    /// <summary>A record that was read, or null for one to pass over.</summary>
    internal sealed record Decoded(WalletRecord? Record);
}
