using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Chain;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node.Backups;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Routing;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Backups;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Storage.Replicas;

namespace Tributary.Lightning.Node;

/// <content>Backups: what brings the money of channels back where only the seed is left.</content>
public sealed partial class LightningNode
{
    /// <summary>The file that, together with the seed, brings the money of all channels back. <see cref="NodeOptions.BackupFolders"/> has it written by itself.</summary>
    public Task<NodeBackupFile> ExportBackupAsync(CancellationToken cancellationToken) => Loop.AskAsync(_ =>
    {
        var entries = new List<ReadOnlyMemory<byte>>();
        var writer = new ByteWriter();
        var channels = _channels.All.Where(static entry => entry.Channel.State is { Funding: not null, RemoteTerms: not null, Stage: not (ChannelStage.Opening or ChannelStage.Forgotten) }).ToArray();
        foreach (var entry in channels)
        {
            entries.Add(LogEntry.ToArray(EntryKind.ChannelState, entry.KeyId, entry.Channel.State.ToStaticBackup()));
            if (_core.State.Peers.TryGetValue(entry.Peer, out var address))
                Add(new NodeRecord.PeerAddressKnown(entry.Peer, address.Host, address.Port));
            if (_core.State.Fundings.TryGetValue(entry.KeyId, out var mined))
                Add(mined);
        }

        return new NodeBackupFile(NodeBackup.Seal(entries, _core.Keys.BackupKey.Reveal(), _core.Entropy), channels.Length);

        void Add(NodeRecord record)
        {
            writer.Clear();
            NodeRecordCodec.Write(record, writer);
            entries.Add(LogEntry.ToArray(EntryKind.Node, default, writer.WrittenSpan));
        }
    });

    /// <summary>What a person who starts the node has to know of where its folder comes from; null when there is nothing, and before <see cref="Ready"/>.</summary>
    public string? StartWarning { get; private set; }

    /// <summary>
    /// Makes a node's log from a backup, in an empty folder: its channels are stale, so that nothing of ours is ever broadcast, their peers are
    /// asked to close, and what they pay is found from the block of the oldest funding on.
    /// </summary>
    /// <returns>How many channels there are, or why nothing was made.</returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed of in all ways.")]
    public static async Task<Result<NodeBackupFile, Refusal>> RestoreAsync(
        NodeOptions options, NodeKeys keys, IStorageDirectory folder, ReadOnlyMemory<byte> file, IChainSource chain, IEntropy entropy, CancellationToken cancellationToken)
    {
        if (!NodeBackup.Open(file.Span, keys.BackupKey.Reveal()).TryGet(out var entries, out var refusal))
            return refusal;
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("chain", error.Reason);
        var batch = new LogBatch();
        var writer = new ByteWriter();
        var (channels, from) = (0, tip.Height);
        foreach (var entry in entries)
        {
            _ = LogEntry.Read(entry, out var kind, out _, out var record);
            if (kind == EntryKind.ChannelState)
            {
                channels++;
                from = Math.Min(from, Math.Max(0, (int)ChannelState.Read(record).Value.Setup.StartHeight - 1));
            }
        }

        if (!(await chain.GetBlockHashAsync(from, cancellationToken)).TryGet(out var hash, out error))
            return new Refusal("chain", error.Reason);
        Add(new NodeRecord.Created(options.Network.Name, keys.Id));
        Add(new NodeRecord.TipMoved(new ChainTip(from, hash)));
        foreach (var entry in entries)
        {
            // Fundings are found again on the way from there.
            if (LogEntry.Read(entry, out var kind, out _, out var record) is null && (kind == EntryKind.ChannelState || NodeRecordCodec.Read(record).Value is NodeRecord.PeerAddressKnown))
                batch.Add(entry);
        }

        if (!RecordLog.Open(folder, new LogOptions { Purpose = LogPurpose }, entropy, EmptyReplay.Instance).TryGet(out var log, out var damage))
            return damage.ToRefusal("data");
        await using (log)
            await log.AppendAsync(batch, cancellationToken);
        return new NodeBackupFile(file, channels);

        void Add(NodeRecord record)
        {
            writer.Clear();
            NodeRecordCodec.Write(record, writer);
            batch.Add(LogEntry.ToArray(EntryKind.Node, default, writer.WrittenSpan));
        }
    }

    /// <summary>
    /// Makes a node's log from the replica of another, in an empty folder. The node may have gone on after what the replica holds: opened, its
    /// channels are stale, as those of any copy.
    /// </summary>
    /// <param name="options">As the node had them.</param>
    /// <param name="keys">The node's.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="replica">The second folder of <see cref="NodeOptions.Replica"/>.</param>
    /// <param name="time">The clock.</param>
    /// <returns>How many channels there are, or why nothing was made.</returns>
    public static Result<int, Refusal> RestoreReplica(NodeOptions options, NodeKeys keys, IStorageDirectory folder, IStorageDirectory replica, TimeProvider time)
    {
        if (!ReplicaReader.Open(replica, new ReplicaKey(keys.ReplicaKey.Reveal()), LogPurpose).TryGet(out var stale, out var error))
            return error.ToRefusal("replica");
        var state = new NodeState();
        var outgoing = new OutgoingPayments(keys.Id, options.Network.GenesisHash.Value, new PathFinder(new NetworkGraph()), new LiquidityMemory(), SystemEntropy.Instance);
        var replay = new NodeReplay(state, outgoing, new IncomingPayments(options.Receiver, SystemEntropy.Instance));
        if (stale.Replay(replay) is { } damage)
            return damage.ToRefusal("replica");
        if (state.Creation is not { } creation)
            return new Refusal("replica", "holds no node");
        if (creation.NodeId != keys.Id || !string.Equals(creation.Network, options.Network.Name, StringComparison.Ordinal))
            return new Refusal("replica", $"is of node {creation.NodeId} on {creation.Network}");
        stale.Restore(folder, time);
        return replay.Channels.Count(static channel => channel.Stage is not (ChannelStage.Opening or ChannelStage.Forgotten));
    }

    // A folder that was made from a copy says so for ever, and is gone on with as one.
    private static Result<RecordLog, StorageError> OpenLog(
        NodeOptions options, NodeKeys keys, IStorageDirectory folder, IEntropy entropy, ILogReplay replay, out RestoredFrom? copy)
    {
        copy = null;
        var replica = options.Replica is { } second ? new ReplicaOptions(second, new ReplicaKey(keys.ReplicaKey.Reveal())) : null;
        var log = new LogOptions { Purpose = LogPurpose, Replica = replica, ContinuesInline = true };
        if (RecordLog.Open(folder, log, entropy, replay).TryGet(out var opened, out var error))
            return opened;
        if (error.Kind != StorageErrorKind.StaleCopy || !RestoredLog.Open(folder, log, entropy, replay).TryGet(out var restored, out error))
            return error;
        copy = restored.From;
        return restored.Log;
    }

    // Before anything else happens: whatever a copy says of its channels may be old, and a peer may hold the secrets of its commitments.
    private void TakeCopy(Turn turn, RestoredFrom? from)
    {
        if (from is null)
            return;
        var taken = new NodeRecord.CopyTaken(from.Log, from.Through, from.At);
        if (_core.State.Copy != taken)
            MarkStale(turn, taken, $"restored from a copy ({from.Origin}) that ends with batch {from.Through}", "This node was restored from a copy.");
    }

    // A folder says where it is. One that was copied, by whatever means, or that a copy was written over, is somewhere else (BOLT 2 calls for no
    // broadcast of a state that may have been revoked since; this is found out before any peer can prove it).
    private void TakePlace(Turn turn)
    {
        var (here, last) = (_log.Place, _core.State.Place?.Place);
        if (here == last && _core.State.Place is not null)
            return;
        if (last is not null && here != last && !_core.Options.IsMoved)
        {
            MarkStale(
                turn,
                new NodeRecord.CopyTaken(_log.Id, _log.Recovery.Through, _core.Time.GetUtcNow()),
                $"found in another place than where the node ran last, after batch {_log.Recovery.Through}",
                "This folder is not where its node ran last: it counts as a copy. (A folder that was moved, and whose original never ran again, is started with --moved the first time.)");
        }
        else if (last is not null && here != last)
        {
            Warn(turn, "This folder is not where its node ran last, and its operator says that it was moved (--moved). If the original ran anywhere since, its peers can take all money of a channel that is closed from here.");
        }

        _core.Record(turn, new NodeRecord.Placed(here));
    }

    // A snapshot that was put back keeps the folder's place; what the machine remembers it does not take back.
    private void TakeWitness(Turn turn)
    {
        // A copy has the id of its original, for which it must not speak.
        if (_core.Options.Witness is not { } witness || _core.State.Copy is not null)
            return;
        var seen = witness.Find(_log.Id);
        if (seen is { } last && _log.Recovery.Through < last.Through)
        {
            MarkStale(
                turn,
                new NodeRecord.CopyTaken(_log.Id, _log.Recovery.Through, _core.Time.GetUtcNow()),
                $"ends with batch {_log.Recovery.Through} where the node had come to {last.Through}",
                "An older state of this folder was put back.");
            return;
        }

        _mark = seen is { Mark: not 0 } noted ? noted.Mark : DrawMark();
        _isWitnessed = true;
        if (_core.State.Vouched?.Mark != _mark)
            return;
        foreach (var entry in _channels.All)
            entry.Channel.Confirm();
    }

    // That nothing later ran on this machine since it started does not make a state the latest: it may have been put back before. Once each channel
    // has been confirmed it is, and later runs need not ask again.
    private void Vouch(Turn turn)
    {
        if (_isWitnessed && _core.State.Vouched?.Mark != _mark && !_channels.All.Any(static entry => entry.Channel.IsUnconfirmed))
            _core.Record(turn, new NodeRecord.Vouched(_mark));
    }

    private ulong DrawMark()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        _core.Entropy.Fill(bytes);
        return BitConverter.ToUInt64(bytes) | 1;
    }

    // Beside the loop, in the order of the turns; the first one has decided.
    private void NoteDurable()
    {
        if (Volatile.Read(ref _isWitnessed))
            _core.Options.Witness!.Note(_log.Id, new RunNote(_log.DurableThrough, _mark));
    }

    private void MarkStale(Turn turn, NodeRecord.CopyTaken taken, string reason, string what)
    {
        var channels = _channels.All.ToArray();
        foreach (var entry in channels)
            _channels.Run(turn, entry, entry.Channel.MarkStale(reason));
        _core.Record(turn, taken);
        Warn(turn, $"{what} Its channels ({channels.Length}) may have gone on since: none of its commitments is ever published, and the peers are asked to close.");
    }

    private void Warn(Turn turn, string text)
    {
        StartWarning = text;
        _core.Raise(turn, NodeEventKind.Alarm, default, MilliSatoshis.Zero, null, text);
    }

    /// <summary>A folder that is restored into holds nothing yet.</summary>
    private sealed class EmptyReplay : ILogReplay
    {
        internal static EmptyReplay Instance { get; } = new();

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => "is not empty: restore into a new folder";

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) => "is not empty: restore into a new folder";
    }
}
