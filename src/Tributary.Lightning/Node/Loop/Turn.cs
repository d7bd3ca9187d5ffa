using Tributary.Lightning.Messages;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Loop;

/// <summary>
/// What one batch of inputs leads to: records for one atomic log batch, and what is to be done outside of the machines once it is durable.
/// Machines that act on each other within a turn share its fate: all of it is on disk, or none.
/// </summary>
internal sealed class Turn
{
    private readonly ByteWriter _scratch = new(4096);
    private readonly List<Effect> _effects = [];
    private readonly List<LightningMessage> _together = [];
    private readonly Queue<Action> _follow = new();

    internal LogBatch Batch { get; } = new(64 * 1024);

    internal bool HasEffects => _effects.Count > 0;

    /// <summary>A buffer for encoding one record; the next call invalidates it.</summary>
    internal ByteWriter Encoder { get; } = new(4096);

    /// <summary>Adds a record.</summary>
    internal void Record(EntryKind kind, Bytes32 key, ReadOnlySpan<byte> record) => LogEntry.Write(Batch, _scratch, kind, key, record);

    /// <summary>Does something once everything of this turn is durable, in the order of the calls. It must neither block nor touch a machine.</summary>
    internal void Afterwards(Action effect) => _effects.Add(new Effect(effect, null, null));

    /// <summary>Sends a message once everything of this turn is durable; those to the same peer that follow each other leave together.</summary>
    internal void Send(PeerConnection connection, LightningMessage message) => _effects.Add(new Effect(null, connection, message));

    /// <summary>Hands something to another machine within this turn, after the one that is running now.</summary>
    internal void Follow(Action next) => _follow.Enqueue(next);

    /// <summary>Runs what machines handed to each other.</summary>
    internal void RunFollowers()
    {
        while (_follow.TryDequeue(out var next))
            next();
    }

    internal void RunEffects()
    {
        for (var i = 0; i < _effects.Count; i++)
        {
            if (_effects[i].To is not { } to)
            {
                _effects[i].Act!();
                continue;
            }

            _together.Clear();
            _together.Add(_effects[i].Message!);
            for (; i + 1 < _effects.Count && _effects[i + 1].To == to; i++)
                _together.Add(_effects[i + 1].Message!);
            to.Send(_together);
        }
    }

    internal void Clear()
    {
        Batch.Clear();
        _effects.Clear();
        _together.Clear();
    }

    private readonly record struct Effect(Action? Act, PeerConnection? To, LightningMessage? Message);
}
