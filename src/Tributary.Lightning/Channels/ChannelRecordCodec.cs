using Tributary.Lightning.Messages;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Channels;

/// <summary>
/// Records as bytes: a kind, a version, and the fields of that version. Whoever meets a kind or version that is not known stops: a record that
/// was passed over could be a revocation.
/// </summary>
public static class ChannelRecordCodec
{
    private const byte Version = 1;

    private enum Kind : byte
    {
        Started = 1,
        Accepted = 2,
        FundingProposed = 3,
        FundingSigned = 4,
        FundingConfirmed = 5,
        FundingUnconfirmed = 6,
        ReadySent = 7,
        ReadyReceived = 8,
        HtlcOffered = 9,
        HtlcRemoved = 10,
        FeerateChanged = 11,
        PreimageReceived = 12,
        CommitmentSigned = 13,
        RevocationReceived = 14,
        CommitmentReceived = 15,
        HtlcAcknowledged = 16,
        ShutdownRequested = 17,
        ShutdownSent = 18,
        ShutdownReceived = 19,
        ClosingOffered = 20,
        ClosingAgreed = 21,
        Failed = 22,
        MarkedStale = 23,
        Forgotten = 24,
    }

    /// <summary>Appends a record.</summary>
    public static void Write(ByteWriter writer, ChannelRecord record)
    {
        switch (record)
        {
            case ChannelRecord.HtlcOffered offered:
                Begin(writer, Kind.HtlcOffered).WriteUInt64BigEndian(offered.Id);
                writer.WriteOffer(offered.Offer);
                break;
            case ChannelRecord.HtlcRemoved removed:
                Begin(writer, Kind.HtlcRemoved).WriteUInt64BigEndian(removed.Id);
                writer.WriteOutcome(removed.Outcome);
                break;
            case ChannelRecord.FeerateChanged changed:
                Begin(writer, Kind.FeerateChanged).WriteFeerate(changed.Feerate);
                break;
            case ChannelRecord.PreimageReceived preimage:
                Begin(writer, Kind.PreimageReceived).WriteUInt64BigEndian(preimage.Id);
                writer.WriteBytes32(preimage.Preimage);
                break;
            case ChannelRecord.CommitmentSigned signed:
                Begin(writer, Kind.CommitmentSigned).WriteUInt64BigEndian(signed.Number);
                break;
            case ChannelRecord.RevocationReceived revocation:
                Begin(writer, Kind.RevocationReceived).WriteUInt64BigEndian(revocation.Number);
                writer.WriteBytes32(revocation.Secret);
                writer.WritePoint(revocation.NextPoint);
                break;
            case ChannelRecord.CommitmentReceived received:
                Begin(writer, Kind.CommitmentReceived).WriteUInt64BigEndian(received.Number);
                writer.WriteUInt32BigEndian((uint)received.Updates.Count);
                foreach (var update in received.Updates)
                    writer.WriteMessage(update);
                writer.WriteSignature(received.Signature);
                writer.WriteSignatures(received.HtlcSignatures);
                break;
            case ChannelRecord.HtlcAcknowledged acknowledged:
                Begin(writer, Kind.HtlcAcknowledged).WriteUInt64BigEndian(acknowledged.Id);
                break;
            default:
                WriteLife(writer, record);
                break;
        }
    }

    private static void WriteLife(ByteWriter writer, ChannelRecord record)
    {
        switch (record)
        {
            case ChannelRecord.Started started:
                Begin(writer, Kind.Started).WriteSetup(started.Setup);
                writer.WriteOptionalTerms(started.Remote);
                writer.WriteUInt32BigEndian(started.MinimumDepth);
                break;
            case ChannelRecord.Accepted accepted:
                Begin(writer, Kind.Accepted).WriteTerms(accepted.Remote);
                writer.WriteUInt32BigEndian(accepted.MinimumDepth);
                break;
            case ChannelRecord.FundingProposed proposed:
                Begin(writer, Kind.FundingProposed).WriteTransaction(proposed.Transaction);
                writer.WriteUInt32BigEndian(proposed.OutputIndex);
                break;
            case ChannelRecord.FundingSigned signed:
                Begin(writer, Kind.FundingSigned).WriteOutPoint(signed.Funding);
                writer.WriteSignature(signed.Signature);
                break;
            case ChannelRecord.FundingConfirmed confirmed:
                confirmed.Position.WriteTo(Begin(writer, Kind.FundingConfirmed));
                break;
            case ChannelRecord.FundingUnconfirmed:
                Begin(writer, Kind.FundingUnconfirmed);
                break;
            case ChannelRecord.ReadySent:
                Begin(writer, Kind.ReadySent);
                break;
            case ChannelRecord.ReadyReceived ready:
                Begin(writer, Kind.ReadyReceived).WritePoint(ready.NextPoint);
                writer.WriteOptionalPosition(ready.Alias);
                break;
            case ChannelRecord.ShutdownRequested requested:
                Begin(writer, Kind.ShutdownRequested).WriteCounted(requested.Script.Span);
                break;
            case ChannelRecord.ShutdownSent:
                Begin(writer, Kind.ShutdownSent);
                break;
            case ChannelRecord.ShutdownReceived received:
                Begin(writer, Kind.ShutdownReceived).WriteCounted(received.Script.Span);
                break;
            case ChannelRecord.ClosingOffered offered:
                Begin(writer, Kind.ClosingOffered).WriteTransaction(offered.Transaction);
                break;
            case ChannelRecord.ClosingAgreed agreed:
                Begin(writer, Kind.ClosingAgreed).WriteTransaction(agreed.Transaction);
                writer.WriteSatoshis(agreed.Fee);
                break;
            case ChannelRecord.Failed failed:
                Begin(writer, Kind.Failed).WriteText(failed.Reason);
                writer.WriteFlag(failed.Broadcasts);
                break;
            case ChannelRecord.MarkedStale stale:
                Begin(writer, Kind.MarkedStale).WriteText(stale.Reason);
                break;
            case ChannelRecord.Forgotten forgotten:
                Begin(writer, Kind.Forgotten).WriteText(forgotten.Reason);
                break;
            default:
                throw new ArgumentException("No such record.", nameof(record));
        }
    }

    /// <summary>The bytes of a record.</summary>
    public static byte[] Encode(ChannelRecord record)
    {
        var writer = new ByteWriter(128);
        Write(writer, record);
        return writer.ToArray();
    }

    /// <summary>Reads one record from all of the bytes; refuses what <see cref="Write"/> does not write.</summary>
    public static Result<ChannelRecord, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var kind = (Kind)reader.Byte("kind");
        var version = reader.Byte("version");
        if (reader.Refusal is null && version != Version)
            return new Refusal("version", $"{version} is not known: a newer program has written here");

        var record = ReadFields(kind, ref reader);
        if (record is null && reader.Refusal is null)
            return new Refusal("kind", $"{(byte)kind} is not known: a newer program has written here");
        if (reader.Refusal is { } refusal)
            return refusal;
        return reader.IsAtEnd ? record! : new Refusal("record", "is followed by more bytes");
    }

    private static ChannelRecord? ReadFields(Kind kind, ref MessageReader reader) => kind switch
    {
        Kind.Started => new ChannelRecord.Started(reader.Setup(), reader.OptionalTerms(), reader.UInt32("minimum_depth")),
        Kind.Accepted => new ChannelRecord.Accepted(reader.Terms(), reader.UInt32("minimum_depth")),
        Kind.FundingProposed => new ChannelRecord.FundingProposed(reader.Transaction("transaction")!, reader.UInt32("output_index")),
        Kind.FundingSigned => new ChannelRecord.FundingSigned(reader.OutPoint("funding"), reader.Signature("signature")),
        Kind.FundingConfirmed => new ChannelRecord.FundingConfirmed(reader.ShortChannelId("position")),
        Kind.FundingUnconfirmed => new ChannelRecord.FundingUnconfirmed(),
        Kind.ReadySent => new ChannelRecord.ReadySent(),
        Kind.ReadyReceived => new ChannelRecord.ReadyReceived(reader.Point("next_point"), reader.OptionalPosition("alias")),
        Kind.HtlcOffered => new ChannelRecord.HtlcOffered(reader.UInt64("id"), reader.Offer()),
        Kind.HtlcRemoved => new ChannelRecord.HtlcRemoved(reader.UInt64("id"), reader.Outcome()),
        Kind.FeerateChanged => new ChannelRecord.FeerateChanged(reader.Feerate("feerate")),
        Kind.PreimageReceived => new ChannelRecord.PreimageReceived(reader.UInt64("id"), reader.Bytes32("preimage")),
        Kind.CommitmentSigned => new ChannelRecord.CommitmentSigned(reader.UInt64("number")),
        Kind.RevocationReceived => new ChannelRecord.RevocationReceived(
            reader.UInt64("number"), reader.Bytes32("secret"), reader.Point("next_point")),
        Kind.CommitmentReceived => ReadCommitment(ref reader),
        Kind.HtlcAcknowledged => new ChannelRecord.HtlcAcknowledged(reader.UInt64("id")),
        Kind.ShutdownRequested => new ChannelRecord.ShutdownRequested(reader.Script("script")),
        Kind.ShutdownSent => new ChannelRecord.ShutdownSent(),
        Kind.ShutdownReceived => new ChannelRecord.ShutdownReceived(reader.Script("script")),
        Kind.ClosingOffered => new ChannelRecord.ClosingOffered(reader.Transaction("transaction")!),
        Kind.ClosingAgreed => new ChannelRecord.ClosingAgreed(reader.Transaction("transaction")!, reader.Satoshis("fee")),
        Kind.Failed => new ChannelRecord.Failed(reader.Text("reason"), reader.Flag("broadcasts")),
        Kind.MarkedStale => new ChannelRecord.MarkedStale(reader.Text("reason")),
        Kind.Forgotten => new ChannelRecord.Forgotten(reader.Text("reason")),
        _ => null,
    };

    private static ChannelRecord.CommitmentReceived ReadCommitment(ref MessageReader reader)
    {
        var number = reader.UInt64("number");
        var count = reader.Count("updates");
        var updates = new List<LightningMessage>();
        for (var i = 0; i < count && reader.Refusal is null; i++)
        {
            if (reader.Message("updates") is { } update)
                updates.Add(update);
        }

        return new ChannelRecord.CommitmentReceived(number, updates, reader.Signature("signature"), reader.Signatures("htlc_signatures"));
    }

    private static ByteWriter Begin(ByteWriter writer, Kind kind)
    {
        writer.WriteByte((byte)kind);
        writer.WriteByte(Version);
        return writer;
    }
}
