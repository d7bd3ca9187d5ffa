using Tributary.Intelligence.Journal.Entries;

namespace Tributary.Intelligence.Journal.Labels;

/// <summary>
/// What became of decided payments, from the labels in the order of the journal. Labels may be late, arrive twice and contradict each other: the
/// stronger source holds, of two equals the later observation, of two at one time the later entry. Safe to read while one thread applies.
/// </summary>
public sealed class LabelLedger : IConfirmedOutcomes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DecisionId, Held> _held = [];
    private int _confirmedBad;

    /// <summary>Decisions whose outcome is a confirmed bad one: what the end of the cold start is measured by.</summary>
    public int ConfirmedBadOutcomes => Volatile.Read(ref _confirmedBad);

    /// <summary>Decisions with a label.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _held.Count;
        }
    }

    /// <summary>Takes the next label.</summary>
    /// <param name="label">The label.</param>
    /// <param name="recordedAt">When it was recorded.</param>
    public LabelNotices Apply(LabelEntry label, DateTimeOffset recordedAt)
    {
        lock (_lock)
        {
            if (!_held.TryGetValue(label.Decision, out var held))
            {
                _held[label.Decision] = new Held(new ResolvedLabel(label, LabelCount: 1, IsContradicted: false, recordedAt), [label]);
                _confirmedBad += label is { IsBad: true, IsConfirmed: true } ? 1 : 0;
                return LabelNotices.None;
            }

            if (held.Seen.Contains(label))
                return LabelNotices.Duplicate;
            held.Seen.Add(label);
            var known = held.Label;
            var contradicts = known.IsBad != label.IsBad;
            var holds = label.Source > known.Holding.Source
                || (label.Source == known.Holding.Source && label.ObservedAt >= known.Holding.ObservedAt);
            var resolved = known with { LabelCount = known.LabelCount + 1, IsContradicted = known.IsContradicted || contradicts };
            if (holds)
                resolved = resolved with { Holding = label, KnownSince = recordedAt };
            _held[label.Decision] = held with { Label = resolved };
            _confirmedBad += (resolved.IsConfirmedBad ? 1 : 0) - (known.IsConfirmedBad ? 1 : 0);
            return (contradicts ? LabelNotices.Contradicts : LabelNotices.None) | (holds ? LabelNotices.Supersedes : LabelNotices.Outweighed);
        }
    }

    /// <summary>What is held of a decision; null when nobody reported anything.</summary>
    public ResolvedLabel? Find(DecisionId decision)
    {
        lock (_lock)
            return _held.TryGetValue(decision, out var held) ? held.Label : null;
    }

    private sealed record Held(ResolvedLabel Label, List<LabelEntry> Seen);
}
