using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>Fields of records and checkpoints beyond those of messages. Readers take the one form that writers make.</summary>
internal static class FieldCodec
{
    internal static bool Flag(this ref MessageReader reader, string field)
    {
        var value = reader.Byte(field);
        if (value > 1)
            reader.Refuse(field, "is neither 0 nor 1");
        return value == 1;
    }

    internal static void WriteFlag(this ByteWriter writer, bool value) => writer.WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>A 32-bit length and that many bytes.</summary>
    internal static ReadOnlySpan<byte> Long(this ref MessageReader reader, string field)
    {
        var length = reader.UInt32(field);
        if (length <= int.MaxValue)
            return reader.Fixed(field, (int)length);
        reader.Refuse(field, "is too long");
        return default;
    }

    internal static void WriteLong(this ByteWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteUInt32BigEndian((uint)bytes.Length);
        writer.WriteBytes(bytes);
    }

    /// <summary>How many follow, each of which takes at least so many bytes.</summary>
    internal static int Count(this ref MessageReader reader, string field)
    {
        var count = reader.UInt32(field);
        if (count <= int.MaxValue)
            return (int)count;
        reader.Refuse(field, "is too large");
        return 0;
    }

    internal static OutPoint OutPoint(this ref MessageReader reader, string field) => new(reader.TxId(field), reader.UInt32(field));

    internal static void WriteOutPoint(this ByteWriter writer, OutPoint outPoint)
    {
        writer.WriteBytes32(outPoint.TxId.Value);
        writer.WriteUInt32BigEndian(outPoint.Index);
    }

    internal static Transaction? Transaction(this ref MessageReader reader, string field)
    {
        var bytes = reader.Long(field);
        if (reader.Refusal is not null)
            return null;
        if (Bitcoin.Transactions.Transaction.Parse(bytes).TryGet(out var transaction, out var refusal))
            return transaction;
        reader.Refuse(field, refusal.ToString());
        return null;
    }

    internal static void WriteTransaction(this ByteWriter writer, Transaction transaction) => writer.WriteLong(transaction.Memory.Span);

    internal static string Text(this ref MessageReader reader, string field) => System.Text.Encoding.UTF8.GetString(reader.CountedSpan(field));

    internal static void WriteText(this ByteWriter writer, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        writer.WriteCounted(bytes.AsSpan(0, Math.Min(bytes.Length, ushort.MaxValue)));
    }

    internal static PublicKey? OptionalPoint(this ref MessageReader reader, string field) => reader.Flag(field) ? reader.Point(field) : null;

    internal static void WriteOptionalPoint(this ByteWriter writer, PublicKey? point)
    {
        writer.WriteFlag(point is not null);
        if (point is { } present)
            writer.WritePoint(present);
    }

    internal static Script? OptionalScript(this ref MessageReader reader, string field) => reader.Flag(field) ? reader.Script(field) : null;

    internal static void WriteOptionalScript(this ByteWriter writer, Script? script)
    {
        writer.WriteFlag(script is not null);
        if (script is { } present)
            writer.WriteCounted(present.Span);
    }

    internal static ShortChannelId? OptionalPosition(this ref MessageReader reader, string field) =>
        reader.Flag(field) ? reader.ShortChannelId(field) : null;

    internal static void WriteOptionalPosition(this ByteWriter writer, ShortChannelId? position)
    {
        writer.WriteFlag(position is not null);
        position?.WriteTo(writer);
    }

    internal static ChannelTerms Terms(this ref MessageReader reader) => new()
    {
        DustLimit = reader.Satoshis("dust_limit"),
        MaxHtlcValueInFlight = reader.Limit("max_htlc_value_in_flight"),
        ChannelReserve = reader.Satoshis("channel_reserve"),
        HtlcMinimum = reader.Limit("htlc_minimum"),
        ToSelfDelay = reader.UInt16("to_self_delay"),
        MaxAcceptedHtlcs = reader.UInt16("max_accepted_htlcs"),
        Basepoints = new ChannelBasepoints(
            reader.Point("funding_key"),
            reader.Point("revocation_basepoint"),
            reader.Point("payment_basepoint"),
            reader.Point("delayed_payment_basepoint"),
            reader.Point("htlc_basepoint")),
        FirstPoint = reader.Point("first_point"),
        UpfrontShutdownScript = reader.OptionalScript("upfront_shutdown_script"),
    };

    internal static void WriteTerms(this ByteWriter writer, ChannelTerms terms)
    {
        writer.WriteSatoshis(terms.DustLimit);
        writer.WriteLimit(terms.MaxHtlcValueInFlight);
        writer.WriteSatoshis(terms.ChannelReserve);
        writer.WriteLimit(terms.HtlcMinimum);
        writer.WriteUInt16BigEndian(terms.ToSelfDelay);
        writer.WriteUInt16BigEndian(terms.MaxAcceptedHtlcs);
        writer.WritePoint(terms.Basepoints.Funding);
        writer.WritePoint(terms.Basepoints.Revocation);
        writer.WritePoint(terms.Basepoints.Payment);
        writer.WritePoint(terms.Basepoints.DelayedPayment);
        writer.WritePoint(terms.Basepoints.Htlc);
        writer.WritePoint(terms.FirstPoint);
        writer.WriteOptionalScript(terms.UpfrontShutdownScript);
    }

    internal static ChannelTerms? OptionalTerms(this ref MessageReader reader) => reader.Flag("remote_terms") ? reader.Terms() : null;

    internal static void WriteOptionalTerms(this ByteWriter writer, ChannelTerms? terms)
    {
        writer.WriteFlag(terms is not null);
        if (terms is not null)
            writer.WriteTerms(terms);
    }

    internal static ChannelSetup Setup(this ref MessageReader reader) => new()
    {
        KeyId = reader.Bytes32("key_id"),
        Peer = reader.NodeId("peer"),
        IsOpener = reader.Flag("is_opener"),
        TemporaryId = reader.ChannelId("temporary_id"),
        FundingAmount = reader.Satoshis("funding_amount"),
        PushAmount = reader.MilliSatoshis("push_amount"),
        Feerate = reader.Feerate("feerate"),
        FundingFeerate = reader.Feerate("funding_feerate"),
        Type = reader.Type("channel_type"),
        IsAnnounced = reader.Flag("is_announced"),
        IsTrusted = reader.Flag("is_trusted"),
        Alias = reader.ShortChannelId("alias"),
        ShutdownScript = reader.Script("shutdown_script"),
        StartHeight = reader.UInt32("start_height"),
        DustExposureMax = reader.Limit("dust_exposure_max"),
        Local = reader.Terms(),
    };

    internal static void WriteSetup(this ByteWriter writer, ChannelSetup setup)
    {
        writer.WriteBytes32(setup.KeyId);
        writer.WriteBytes(setup.Peer.Span);
        writer.WriteFlag(setup.IsOpener);
        writer.WriteBytes32(setup.TemporaryId.Value);
        writer.WriteSatoshis(setup.FundingAmount);
        writer.WriteMilliSatoshis(setup.PushAmount);
        writer.WriteFeerate(setup.Feerate);
        writer.WriteFeerate(setup.FundingFeerate);
        writer.WriteByte((byte)((setup.Type.HasAnchors ? 1 : 0) | (setup.Type.ScidAlias ? 2 : 0) | (setup.Type.ZeroConf ? 4 : 0)));
        writer.WriteFlag(setup.IsAnnounced);
        writer.WriteFlag(setup.IsTrusted);
        setup.Alias.WriteTo(writer);
        writer.WriteCounted(setup.ShutdownScript.Span);
        writer.WriteUInt32BigEndian(setup.StartHeight);
        writer.WriteLimit(setup.DustExposureMax);
        writer.WriteTerms(setup.Local);
    }

    internal static HtlcOffer Offer(this ref MessageReader reader) => new(
        reader.MilliSatoshis("amount"),
        reader.Bytes32("payment_hash"),
        reader.UInt32("cltv_expiry"),
        reader.Counted("onion"),
        reader.OptionalPoint("path_key"));

    internal static void WriteOffer(this ByteWriter writer, HtlcOffer offer)
    {
        writer.WriteMilliSatoshis(offer.Amount);
        writer.WriteBytes32(offer.PaymentHash);
        writer.WriteUInt32BigEndian(offer.CltvExpiry);
        writer.WriteCounted(offer.Onion.Span);
        writer.WriteOptionalPoint(offer.PathKey);
    }

    internal static HtlcOutcome Outcome(this ref MessageReader reader)
    {
        switch (reader.Byte("outcome"))
        {
            case 1:
                return new HtlcOutcome.Fulfilled(reader.Bytes32("preimage"));
            case 2:
                return new HtlcOutcome.Failed(reader.Counted("reason"));
            case 3:
                return new HtlcOutcome.FailedMalformed(reader.Bytes32("sha256_of_onion"), reader.UInt16("failure_code"));
            default:
                reader.Refuse("outcome", "is no outcome that is known");
                return new HtlcOutcome.Failed(default);
        }
    }

    internal static void WriteOutcome(this ByteWriter writer, HtlcOutcome outcome)
    {
        switch (outcome)
        {
            case HtlcOutcome.Fulfilled fulfilled:
                writer.WriteByte(1);
                writer.WriteBytes32(fulfilled.Preimage);
                break;
            case HtlcOutcome.Failed failed:
                writer.WriteByte(2);
                writer.WriteCounted(failed.Reason.Span);
                break;
            case HtlcOutcome.FailedMalformed malformed:
                writer.WriteByte(3);
                writer.WriteBytes32(malformed.Sha256OfOnion);
                writer.WriteUInt16BigEndian(malformed.FailureCode);
                break;
            default:
                throw new ArgumentException("No such outcome.", nameof(outcome));
        }
    }

    /// <summary>A message of the peer's, as it came but without what is not known in it.</summary>
    internal static LightningMessage? Message(this ref MessageReader reader, string field)
    {
        var bytes = reader.Long(field);
        if (reader.Refusal is not null)
            return null;
        if (LightningMessage.Read(bytes).TryGet(out var message, out var refusal))
            return message;
        reader.Refuse(field, refusal.ToString());
        return null;
    }

    internal static void WriteMessage(this ByteWriter writer, LightningMessage message) => writer.WriteLong(message.ToArray());

    internal static RevokedSecrets Revoked(this ref MessageReader reader, string field)
    {
        var bytes = reader.Rest;
        var secrets = new SpanReader(bytes);
        if (reader.Refusal is null && RevokedSecrets.TryRead(ref secrets, out var revoked))
        {
            _ = reader.Fixed(field, secrets.Position);
            return revoked;
        }

        reader.Refuse(field, "is damaged");
        return new RevokedSecrets();
    }

    private static ChannelType Type(this ref MessageReader reader, string field)
    {
        var bits = reader.Byte(field);
        if (bits > 7)
            reader.Refuse(field, "is no channel type that is known");
        return new ChannelType((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
    }
}
