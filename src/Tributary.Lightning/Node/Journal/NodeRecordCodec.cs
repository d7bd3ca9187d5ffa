using System.Text;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Journal;

/// <summary>The bytes of a <see cref="NodeRecord"/>: kind, version, fields.</summary>
public static class NodeRecordCodec
{
    private const byte Version = 1;
    private const byte Created = 1;
    private const byte TipMoved = 2;
    private const byte PeerAddressKnown = 3;
    private const byte PeerForgotten = 4;
    private const byte FundingMined = 5;
    private const byte FundingUnmined = 6;
    private const byte EventRaised = 7;
    private const byte CopyTaken = 8;
    private const byte Placed = 9;
    private const byte PeerPolicyKnown = 10;
    private const byte ChannelForgotten = 11;
    private const byte Vouched = 12;
    private const int TextLengthMax = 4096;

    // Of an event.
    private const byte HasPreimage = 1;
    private const byte HasHold = 2;

    /// <summary>Appends a record.</summary>
    public static void Write(NodeRecord record, ByteWriter writer)
    {
        switch (record)
        {
            case NodeRecord.Created created:
                WriteKind(writer, Created);
                WriteText(writer, created.Network);
                writer.WriteBytes(created.NodeId.Span);
                break;
            case NodeRecord.TipMoved moved:
                WriteKind(writer, TipMoved);
                writer.WriteInt32LittleEndian(moved.Tip.Height);
                writer.WriteBytes32(moved.Tip.Hash.Value);
                break;
            case NodeRecord.PeerAddressKnown peer:
                WriteKind(writer, PeerAddressKnown);
                writer.WriteBytes(peer.Peer.Span);
                WriteText(writer, peer.Host);
                writer.WriteUInt16BigEndian(peer.Port);
                break;
            case NodeRecord.PeerForgotten peer:
                WriteKind(writer, PeerForgotten);
                writer.WriteBytes(peer.Peer.Span);
                break;
            case NodeRecord.FundingMined mined:
                WriteKind(writer, FundingMined);
                writer.WriteBytes32(mined.KeyId);
                writer.WriteInt32LittleEndian(mined.Height);
                writer.WriteInt32LittleEndian(mined.TransactionIndex);
                writer.WriteUInt16BigEndian(mined.OutputIndex);
                writer.WriteCompactSizeBytes(mined.Transaction.Memory.Span);
                break;
            case NodeRecord.FundingUnmined unmined:
                WriteKind(writer, FundingUnmined);
                writer.WriteBytes32(unmined.KeyId);
                break;
            case NodeRecord.EventRaised raised:
                WriteKind(writer, EventRaised);
                WriteEvent(writer, raised.Event);
                break;
            case NodeRecord.CopyTaken taken:
                WriteKind(writer, CopyTaken);
                writer.WriteUInt64LittleEndian((ulong)(taken.Log.Value >> 64));
                writer.WriteUInt64LittleEndian((ulong)taken.Log.Value);
                writer.WriteUInt64LittleEndian(taken.Through.Value);
                writer.WriteInt64LittleEndian(taken.At.UtcTicks);
                break;
            case NodeRecord.Placed placed:
                WriteKind(writer, Placed);
                WritePlace(writer, placed.Place);
                break;
            case NodeRecord.PeerPolicyKnown known:
                WriteKind(writer, PeerPolicyKnown);
                writer.WriteBytes32(known.KeyId);
                WritePolicy(writer, known.Policy);
                break;
            case NodeRecord.ChannelForgotten forgotten:
                WriteKind(writer, ChannelForgotten);
                writer.WriteBytes32(forgotten.KeyId);
                break;
            case NodeRecord.Vouched vouched:
                WriteKind(writer, Vouched);
                writer.WriteUInt64LittleEndian(vouched.Mark);
                break;
            default:
                throw new ArgumentException($"{record.GetType().Name} has no encoding.", nameof(record));
        }
    }

    /// <summary>Reads a record, whole.</summary>
    public static Result<NodeRecord, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        if (!reader.TryReadByte(out var kind) || !reader.TryReadByte(out var version))
            return new Refusal("node_record", "is cut short");
        if (version != Version)
            return new Refusal("node_record.version", $"{version} is not known to this version");
        if (kind is 0 or > Vouched)
            return new Refusal("node_record.kind", $"{kind} is not known to this version");
        return ReadFields(kind, ref reader) is { } record && reader.IsAtEnd ? record : new Refusal("node_record", $"of kind {kind} is damaged");
    }

    private static NodeRecord? ReadFields(byte kind, ref SpanReader reader)
    {
        switch (kind)
        {
            case Created when TryReadText(ref reader, out var network) && TryReadNodeId(ref reader, out var id):
                return new NodeRecord.Created(network, id);
            case TipMoved when reader.TryReadInt32LittleEndian(out var height) && reader.TryReadBytes32(out var hash):
                return new NodeRecord.TipMoved(new ChainTip(height, new BlockHash(hash)));
            case PeerAddressKnown when TryReadNodeId(ref reader, out var id) && TryReadText(ref reader, out var host) && reader.TryReadUInt16BigEndian(out var port):
                return new NodeRecord.PeerAddressKnown(id, host, port);
            case PeerForgotten when TryReadNodeId(ref reader, out var id):
                return new NodeRecord.PeerForgotten(id);
            case FundingMined when reader.TryReadBytes32(out var key) && reader.TryReadInt32LittleEndian(out var height)
                && reader.TryReadInt32LittleEndian(out var place) && reader.TryReadUInt16BigEndian(out var output)
                && reader.TryReadCompactSizeBytes(out var bytes) && Transaction.Parse(bytes).TryGet(out var transaction):
                return new NodeRecord.FundingMined(key, height, place, output, transaction);
            case FundingUnmined when reader.TryReadBytes32(out var key):
                return new NodeRecord.FundingUnmined(key);
            case EventRaised when TryReadEvent(ref reader, out var raised):
                return new NodeRecord.EventRaised(raised!);
            case CopyTaken when reader.TryReadUInt64LittleEndian(out var high) && reader.TryReadUInt64LittleEndian(out var low)
                && reader.TryReadUInt64LittleEndian(out var through) && reader.TryReadInt64LittleEndian(out var ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks:
                return new NodeRecord.CopyTaken(new LogId(new UInt128(high, low)), new LogSequence(through), new DateTimeOffset(ticks, TimeSpan.Zero));
            case Placed when TryReadPlace(ref reader, out var place):
                return new NodeRecord.Placed(place);
            case PeerPolicyKnown when reader.TryReadBytes32(out var key) && TryReadPolicy(ref reader, out var policy):
                return new NodeRecord.PeerPolicyKnown(key, policy);
            case ChannelForgotten when reader.TryReadBytes32(out var key):
                return new NodeRecord.ChannelForgotten(key);
            case Vouched when reader.TryReadUInt64LittleEndian(out var mark):
                return new NodeRecord.Vouched(mark);
            default:
                return null;
        }
    }

    private static void WritePlace(ByteWriter writer, FilePlace? place)
    {
        writer.WriteByte(place is null ? (byte)0 : (byte)1);
        if (place is not { } known)
            return;
        writer.WriteUInt64LittleEndian(known.Inode);
        writer.WriteInt64LittleEndian(known.BornAt);
        writer.WriteInt64LittleEndian(known.ModifiedAt);
    }

    private static bool TryReadPlace(ref SpanReader reader, out FilePlace? place)
    {
        place = null;
        if (!reader.TryReadByte(out var isKnown) || isKnown > 1)
            return false;
        if (isKnown == 0)
            return true;
        if (!reader.TryReadUInt64LittleEndian(out var inode) || !reader.TryReadInt64LittleEndian(out var born) || !reader.TryReadInt64LittleEndian(out var modified))
            return false;
        place = new FilePlace(inode, born, modified);
        return true;
    }

    private static void WritePolicy(ByteWriter writer, ForwardingPolicy policy)
    {
        writer.WriteUInt32BigEndian(policy.FeeBaseMilliSatoshis);
        writer.WriteUInt32BigEndian(policy.FeeProportionalMillionths);
        writer.WriteUInt16BigEndian(policy.CltvExpiryDelta);
        writer.WriteUInt64BigEndian((ulong)policy.HtlcMinimum.Value);
        writer.WriteUInt64BigEndian((ulong)policy.HtlcMaximum.Value);
        writer.WriteByte(policy.IsDisabled ? (byte)1 : (byte)0);
        writer.WriteUInt32BigEndian(policy.Timestamp);
    }

    private static bool TryReadPolicy(ref SpanReader reader, out ForwardingPolicy policy)
    {
        policy = default;
        if (!reader.TryReadUInt32BigEndian(out var feeBase) || !reader.TryReadUInt32BigEndian(out var millionths) || !reader.TryReadUInt16BigEndian(out var delta)
            || !reader.TryReadUInt64BigEndian(out var minimum) || minimum > long.MaxValue || !reader.TryReadUInt64BigEndian(out var maximum) || maximum > long.MaxValue
            || !reader.TryReadByte(out var isDisabled) || isDisabled > 1 || !reader.TryReadUInt32BigEndian(out var timestamp))
        {
            return false;
        }

        policy = new ForwardingPolicy(feeBase, millionths, delta, new MilliSatoshis((long)minimum), new MilliSatoshis((long)maximum), isDisabled == 1, timestamp);
        return true;
    }

    private static void WriteEvent(ByteWriter writer, NodeEvent raised)
    {
        writer.WriteUInt64LittleEndian(raised.Sequence);
        writer.WriteInt64LittleEndian(raised.Time.ToUnixTimeMilliseconds());
        writer.WriteByte((byte)raised.Kind);
        writer.WriteBytes32(raised.Subject);
        writer.WriteInt64LittleEndian(raised.Amount.Value);
        writer.WriteByte((byte)((raised.Preimage is null ? 0 : HasPreimage) | (raised.Hold is null ? 0 : HasHold)));
        if (raised.Preimage is { } preimage)
            writer.WriteBytes32(preimage);
        if (raised.Hold is { } hold)
        {
            writer.WriteInt32LittleEndian(hold.Height);
            writer.WriteInt32LittleEndian(hold.ExpiryHeight);
            writer.WriteInt32LittleEndian(hold.ReturnHeight);
        }

        WriteText(writer, raised.Text);
    }

    private static bool TryReadEvent(ref SpanReader reader, out NodeEvent? raised)
    {
        raised = null;
        if (!reader.TryReadUInt64LittleEndian(out var sequence) || !reader.TryReadInt64LittleEndian(out var time) || !reader.TryReadByte(out var kind)
            || !reader.TryReadBytes32(out var subject) || !reader.TryReadInt64LittleEndian(out var amount) || !reader.TryReadByte(out var has) || has > (HasPreimage | HasHold))
            return false;
        Bytes32 preimage = default;
        HoldDeadline? hold = null;
        if (((has & HasPreimage) != 0 && !reader.TryReadBytes32(out preimage)) || ((has & HasHold) != 0 && !TryReadHold(ref reader, out hold)) || !TryReadText(ref reader, out var text) || time is < 0 or > 253_402_300_799_999)
            return false;
        raised = new NodeEvent(
            sequence, DateTimeOffset.FromUnixTimeMilliseconds(time), (NodeEventKind)kind, subject, new MilliSatoshis(amount), (has & HasPreimage) != 0 ? preimage : null, text)
        {
            Hold = hold,
        };
        return true;
    }

    private static bool TryReadHold(ref SpanReader reader, out HoldDeadline? hold)
    {
        hold = null;
        if (!reader.TryReadInt32LittleEndian(out var height) || !reader.TryReadInt32LittleEndian(out var expiry) || !reader.TryReadInt32LittleEndian(out var back))
            return false;
        hold = new HoldDeadline(height, expiry, back);
        return true;
    }

    private static void WriteKind(ByteWriter writer, byte kind)
    {
        writer.WriteByte(kind);
        writer.WriteByte(Version);
    }

    private static void WriteText(ByteWriter writer, string text) =>
        writer.WriteCompactSizeBytes(Encoding.UTF8.GetBytes(text.Length > TextLengthMax / 4 ? text[..(TextLengthMax / 4)] : text));

    private static bool TryReadText(ref SpanReader reader, out string text)
    {
        text = "";
        if (!reader.TryReadCompactSizeBytes(out var bytes) || bytes.Length > TextLengthMax)
            return false;
        text = Encoding.UTF8.GetString(bytes);
        return true;
    }

    private static bool TryReadNodeId(ref SpanReader reader, out NodeId id)
    {
        id = default;
        if (!reader.TryReadBytes(NodeId.Length, out var bytes))
            return false;
        id = new NodeId(bytes);
        return true;
    }
}
