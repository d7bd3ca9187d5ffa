using Tributary.Lightning.Channels;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Payments;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Journal;

/// <summary>Applies what the log holds to the machines' states. An entry that cannot be stops the opening; none is skipped.</summary>
internal sealed class NodeReplay(NodeState node, OutgoingPayments outgoing, IncomingPayments incoming) : ILogReplay
{
    private readonly Dictionary<Bytes32, ChannelState> _channels = [];
    private readonly Dictionary<Bytes32, (byte[]? Checkpoint, List<ClaimRecord> Records)> _claims = [];

    /// <summary>Channels as they stood.</summary>
    internal IReadOnlyCollection<ChannelState> Channels => _channels.Values;

    public string? OnCheckpoint(ReadOnlySpan<byte> record) => Take(record);

    public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) => Take(record);

    /// <summary>What a channel's monitor knew.</summary>
    internal Refusal? Restore(Bytes32 keyId, ChannelMonitor monitor)
    {
        if (!_claims.TryGetValue(keyId, out var claims))
            return null;
        if (claims.Checkpoint is { } checkpoint && !monitor.ReadCheckpoint(checkpoint).TryGet(out _, out var refusal))
            return refusal;
        foreach (var record in claims.Records)
            monitor.Apply(record);
        return null;
    }

    private string? Take(ReadOnlySpan<byte> entry)
    {
        if (LogEntry.Read(entry, out var kind, out var key, out var record) is { } refusal)
            return refusal.ToString();
        try
        {
            return kind switch
            {
                EntryKind.Channel => TakeChannel(key, record),
                EntryKind.ChannelState => TakeChannelState(key, record),
                EntryKind.Claims => TakeClaim(key, record),
                EntryKind.ClaimsState => TakeClaims(key, record),
                EntryKind.Payment => TakePayment(record),
                EntryKind.Invoice => TakeInvoice(record),
                _ => TakeNode(record),
            };
        }
        catch (InvalidOperationException exception)
        {
            // A record that does not follow from those before it.
            return exception.Message;
        }
    }

    private string? TakeChannel(Bytes32 key, ReadOnlySpan<byte> bytes)
    {
        if (!ChannelRecordCodec.Read(bytes).TryGet(out var record, out var refusal))
            return refusal.ToString();
        if (record is ChannelRecord.Started started)
            return _channels.TryAdd(key, new ChannelState(started)) ? null : $"channel {key} starts a second time";
        if (!_channels.TryGetValue(key, out var state))
            return $"a record of channel {key} comes before the channel";
        state.Apply(record);
        return null;
    }

    private string? TakeChannelState(Bytes32 key, ReadOnlySpan<byte> bytes)
    {
        if (!ChannelState.Read(bytes).TryGet(out var state, out var refusal))
            return refusal.ToString();
        return _channels.TryAdd(key, state) ? null : $"channel {key} is there twice";
    }

    private string? TakeClaim(Bytes32 key, ReadOnlySpan<byte> bytes)
    {
        if (!ClaimRecordCodec.Decode(bytes).TryGet(out var record, out var refusal))
            return refusal.ToString();
        if (!_claims.TryGetValue(key, out var claims))
            _claims[key] = claims = (null, []);
        claims.Records.Add(record);
        return null;
    }

    private string? TakeClaims(Bytes32 key, ReadOnlySpan<byte> bytes) =>
        _claims.TryAdd(key, (bytes.ToArray(), [])) ? null : $"the monitor of channel {key} is there twice";

    private string? TakePayment(ReadOnlySpan<byte> bytes)
    {
        if (!PaymentRecordCodec.Read(bytes).TryGet(out var record, out var refusal))
            return refusal.ToString();
        outgoing.Apply(record);
        return null;
    }

    private string? TakeInvoice(ReadOnlySpan<byte> bytes)
    {
        if (!InvoiceRecordCodec.Read(bytes).TryGet(out var record, out var refusal))
            return refusal.ToString();
        incoming.Apply(record);
        return null;
    }

    private string? TakeNode(ReadOnlySpan<byte> bytes)
    {
        if (!NodeRecordCodec.Read(bytes).TryGet(out var record, out var refusal))
            return refusal.ToString();
        node.Apply(record);
        return null;
    }
}
