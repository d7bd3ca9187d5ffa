using Tributary.Lightning.Commitments;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>
/// HTLCs that stood in commitments which the peer has revoked: each once, with the numbers of those commitments. Only ones that can have had an
/// output are kept. 64 bytes each; looked through from end to end when a breach is found, which is rare.
/// </summary>
internal sealed class HtlcHistory
{
    private readonly List<Entry> _entries = [];

    internal int Count => _entries.Count;

    internal void Add(ChannelHtlc htlc) => _entries.Add(new Entry(htlc.ForRemote, htlc.RemoteFrom, htlc.RemoteTo));

    internal void CollectAt(ulong number, List<CommittedHtlc> into)
    {
        foreach (var entry in _entries)
        {
            if (entry.From <= number && number < entry.To)
                into.Add(entry.Htlc);
        }
    }

    internal void WriteTo(ByteWriter writer)
    {
        writer.WriteUInt32BigEndian((uint)_entries.Count);
        foreach (var entry in _entries)
        {
            writer.WriteByte(entry.Htlc.IsOffered ? (byte)1 : (byte)0);
            writer.WriteUInt64BigEndian(entry.Htlc.Id);
            writer.WriteMilliSatoshis(entry.Htlc.Amount);
            writer.WriteBytes32(entry.Htlc.PaymentHash);
            writer.WriteUInt32BigEndian(entry.Htlc.CltvExpiry);
            writer.WriteUInt64BigEndian(entry.From);
            writer.WriteUInt64BigEndian(entry.To);
        }
    }

    internal void ReadFrom(ref MessageReader reader)
    {
        var count = reader.UInt32("history");
        for (var i = 0u; i < count && reader.Refusal is null; i++)
        {
            var htlc = new CommittedHtlc(
                reader.Flag("history.offered"),
                reader.UInt64("history.id"),
                reader.MilliSatoshis("history.amount"),
                reader.Bytes32("history.payment_hash"),
                reader.UInt32("history.cltv_expiry"));
            var from = reader.UInt64("history.from");
            var to = reader.UInt64("history.to");
            if (from >= to)
                reader.Refuse("history.to", "does not come after the start");
            _entries.Add(new Entry(htlc, from, to));
        }
    }

    private readonly record struct Entry(CommittedHtlc Htlc, ulong From, ulong To);
}
