using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions;

/// <summary>Decides and journals: a decision is handed out when it is safe by the journal's policy, never before. Safe to call from many threads.</summary>
/// <param name="engine">Decides.</param>
/// <param name="journal">Keeps.</param>
public sealed class JournalledDecisions(DecisionEngine engine, DecisionJournal journal)
{
    /// <summary>Journals what decides, and lets it decide from then on.</summary>
    /// <param name="setup">The setup.</param>
    /// <param name="by">Who put it in use.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<Refusal?> UseAsync(DecisionSetup setup, StaffId by, CancellationToken cancellationToken)
    {
        List<JournalEntry> entries = [new SchemaEntry(setup.Schema)];
        if (setup.Parts.Model is { } model)
            entries.Add(new ModelEntry(model.Hash, model.Name, IsChallenger: false, by));
        if (setup.Parts.Challenger is { } challenger)
            entries.Add(new ModelEntry(challenger.Hash, challenger.Name, IsChallenger: true, by));
        foreach (var entry in entries)
        {
            if (!(await journal.AppendAsync(entry, cancellationToken)).TryGet(out _, out var refusal))
                return refusal;
        }

        engine.Use(setup);
        return null;
    }

    /// <summary>Decides and waits until the decision is journalled.</summary>
    /// <exception cref="IOException">The journal failed: the decision must not be acted upon.</exception>
    public ValueTask<Result<AnalystDecision, Refusal>> DecideAsync(in DecisionRequest request, CancellationToken cancellationToken)
    {
        var result = engine.Decide(request);
        return result.TryGet(out var decision) ? JournalAsync(decision, cancellationToken) : ValueTask.FromResult(result);
    }

    private async ValueTask<Result<AnalystDecision, Refusal>> JournalAsync(AnalystDecision decision, CancellationToken cancellationToken)
    {
        var appended = await journal.AppendAsync(decision.Entry, cancellationToken);
        return appended.TryGet(out _, out var refusal) ? decision : refusal;
    }
}
