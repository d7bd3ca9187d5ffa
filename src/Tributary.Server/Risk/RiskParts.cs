using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Privacy.Storage;
using Tributary.Primitives.Contracts;
using Tributary.Storage.Files;

namespace Tributary.Server.Risk;

/// <summary>What an engine is made of, opened.</summary>
internal sealed record RiskParts
{
    /// <summary>Judges payments, by rules and the model.</summary>
    public required DecisionEngine Payments { get; init; }

    /// <summary>Judges refunds and payouts, by rules alone: they have no features, and a score without any would mean nothing.</summary>
    public required DecisionEngine Transfers { get; init; }

    /// <summary>Where the journal lies, for those who read it.</summary>
    public required DiskDirectory JournalFolder { get; init; }

    public required DecisionJournal Journal { get; init; }

    public required LabelLedger Labels { get; init; }

    public required RiskHistory History { get; init; }

    public required SubjectKeys Keys { get; init; }

    public required FileSubjectKeyStorage KeyStorage { get; init; }

    public required ReasonWriter Words { get; init; }

    public required IEntropy Entropy { get; init; }
}
