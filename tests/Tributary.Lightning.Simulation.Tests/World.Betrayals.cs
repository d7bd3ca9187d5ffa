using Tributary.Lightning.Channels;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Bytes;
using Tributary.Testing.Storage;

namespace Tributary.Lightning.Simulation.Tests;

/// <content>Old states that come back: of who cheats, and of who lost the new one.</content>
internal sealed partial class World
{
    private const int OldMediaMax = 4;

    private readonly List<SimulatedNode> _cheaters = [];
    private readonly Dictionary<SimulatedNode, List<(SimulatedDisk Disk, WalletMemory Coins, bool HasHtlcs)>> _oldMedia = [];

    /// <summary>What HTLCs held that were under way when a node lost its state, by whom it may cost or bring that much: those two sides of each channel, in millisatoshis.</summary>
    private readonly Dictionary<SimulatedNode, long> _atRisk = [];

    private SimulatedNode? _forgetful;
    private (byte[] File, HashSet<Bytes32> Channels)? _backup;
    private (SimulatedDisk Disk, HashSet<Bytes32> Channels)? _oldReplica;

    private static bool HasHtlcs(SimulatedNode node) =>
        node is { IsReady: true, IsCheating: false } && node.Node!.Channels.All.Any(static entry => entry.Channel.State is { Offered.Count: > 0 } or { Received.Count: > 0 });

    // Its second stage can follow the commitment at once.
    private static bool HoldsPreimage(SimulatedNode node) =>
        node is { IsReady: true, IsCheating: false } && node.Node!.Channels.All.Any(static entry => entry.Channel.State.Received.Any(static htlc => htlc.Preimage is not null));

    /// <summary>Keeps a copy of what will be old one day.</summary>
    private void LookBack()
    {
        foreach (var cheater in _cheaters.Where(static cheater => cheater is { IsReady: true, IsCheating: false }))
        {
            if (!_oldMedia.TryGetValue(cheater, out var media))
                _oldMedia[cheater] = media = [];

            // A state with HTLCs takes the place of one without.
            var hasHtlcs = HasHtlcs(cheater);
            if (media.Count >= OldMediaMax && hasHtlcs && media.FindIndex(static old => !old.HasHtlcs) is >= 0 and var idle)
                media.RemoveAt(idle);
            if (media.Count >= OldMediaMax)
                continue;
            var (disk, coins) = cheater.CopyMedia();
            media.Add((disk, coins, hasHtlcs));
        }

        if (_forgetful is { IsReady: true, IsRestored: false } forgetful)
        {
            var process = forgetful.Process!;
            HashSet<Bytes32> channels = [.. forgetful.Node!.Channels.All.Where(static entry => entry.Channel.State.Stage != ChannelStage.Opening).Select(static entry => entry.KeyId)];
            if (HasReplicas && (_oldReplica is null || Chance(30)))
                _oldReplica = (forgetful.CopyReplica(), channels);
            var asked = process.Run(() => forgetful.Node!.ExportBackupAsync(CancellationToken.None));
            _chores.Add(() =>
            {
                if (process.IsDead)
                    return true;
                if (!asked.IsCompletedSuccessfully)
                    return asked.IsCompleted;
                _backup = (asked.Result.Content.ToArray(), channels);
                return true;
            });
        }
    }

    /// <summary>Who cheats comes out with an old state; the forgetful one loses everything but its seed and its backup.</summary>
    private void Betray()
    {
        if (_cheaters.FirstOrDefault(cheater => !cheater.IsCheating && _oldMedia.ContainsKey(cheater)) is { } cheater)
            Cheat(cheater);
        if (_forgetful is not { IsReady: true, IsRestored: false } forgetful || forgetful.Node!.Channels.All.Any(static entry => entry.Channel.State.Stage == ChannelStage.Opening))
            return;

        // A copy that does not know the last channel can't help it.
        HashSet<Bytes32> channels = [.. forgetful.Node.Channels.All.Select(static entry => entry.KeyId)];
        if (_oldReplica is { } old && channels.IsSubsetOf(old.Channels))
        {
            Risk(forgetful);
            forgetful.RestoreFrom(old.Disk);
        }
        else if (_backup is { } backup && channels.IsSubsetOf(backup.Channels))
        {
            Risk(forgetful);
            forgetful.RestoreFrom(backup.File);
        }
    }

    private void Cheat(SimulatedNode cheater)
    {
        var media = _oldMedia[cheater];
        var busy = media.FindAll(static old => old.HasHtlcs);
        var (disk, coins, hasHtlcs) = busy.Count > 0 && Chance(70) ? busy[Choose(busy.Count)] : media[Choose(media.Count)];
        Count(hasHtlcs ? "cheats with HTLCs" : "cheats without HTLCs");
        cheater.CheatWith((disk, coins));
        _chores.Add(() =>
        {
            if (!cheater.IsReady)
                return !cheater.IsAlive;
            foreach (var entry in cheater.Node!.Channels.All.ToArray())
                Close(cheater, entry, isForced: true);
            return true;
        });
    }

    // No copy knows all HTLCs, and a static backup knows none: whose they were in the end depends on what the peer still says and does.
    private void Risk(SimulatedNode forgetful)
    {
        foreach (var entry in forgetful.Node!.Channels.All)
        {
            if (entry.Funding is not { } funding || !_fundings.TryGetValue(funding, out var known))
                continue;
            var peer = known.PeerOf(forgetful);
            var ours = entry.Channel.State;
            var theirs = peer.Node?.Channels.All.FirstOrDefault(other => other.Funding == funding)?.Channel.State;
            var offered = Amounts(ours.Offered).Concat(Amounts(theirs?.Received ?? [])).DistinctBy(static htlc => htlc.Id).Sum(static htlc => htlc.Amount);
            var received = Amounts(ours.Received).Concat(Amounts(theirs?.Offered ?? [])).DistinctBy(static htlc => htlc.Id).Sum(static htlc => htlc.Amount);
            if (offered + received == 0)
                continue;
            Count("channels restored with HTLCs under way");
            Explain($"{offered + received} msat are at risk between {forgetful} and {peer}");
            _atRisk[forgetful] = _atRisk.GetValueOrDefault(forgetful) + offered + received;
            _atRisk[peer] = _atRisk.GetValueOrDefault(peer) + offered + received;
        }
    }

    private static IEnumerable<(ulong Id, long Amount)> Amounts(IEnumerable<ChannelHtlc> htlcs) => htlcs.Select(static htlc => (htlc.Id, htlc.Amount.Value));
}
