using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions.Registry;

/// <summary>
/// The versions of a merchant's policies, from the entries of the journal in their order. Every change is asked for first, which gives the entry to
/// journal, and happens when that entry is applied: persist, then act. One owner.
/// </summary>
public sealed class PolicyRegistry
{
    /// <summary>The longest note on a move, in characters.</summary>
    public const int MaxWhyLength = 500;

    /// <summary>How old a run over history may be when a version goes to shadow or live.</summary>
    public static readonly TimeSpan BacktestHolds = TimeSpan.FromDays(30);

    private readonly List<PolicyVersion> _versions = [];

    /// <summary>All versions, the oldest first.</summary>
    public IReadOnlyList<PolicyVersion> Versions => _versions;

    /// <summary>The version that decides; null before the first.</summary>
    public PolicyVersion? Live => _versions.Find(static version => version.State == PolicyState.Live);

    /// <summary>The version in shadow, or null.</summary>
    public PolicyVersion? Shadow => _versions.Find(static version => version.State == PolicyState.Shadow);

    /// <summary>The version with this hash, or null.</summary>
    public PolicyVersion? Find(Bytes32 hash) => _versions.Find(version => version.Hash.Equals(hash));

    /// <summary>Type-checks a text. A text that was saved before is the same version again.</summary>
    public Result<SavedPolicy, PolicyErrors> Save(string text, PolicySchema schema, StaffId by) =>
        PolicyCompiler.Compile(text, schema).Then<SavedPolicy>(policy => new SavedPolicy(
            policy, Find(policy.Hash) is null ? new PolicySavedEntry(policy.Hash, SchemaEntry.HashOf(schema), text, by) : null));

    /// <summary>
    /// Asks for a move. Shadow and live are open to versions that were run over history within <see cref="BacktestHolds"/>; retired, to the one in shadow.
    /// The live version is retired by another one going live, never alone: without a policy nothing would be decided.
    /// </summary>
    public Result<PolicyMovedEntry, Refusal> Move(Bytes32 hash, PolicyState to, StaffId by, string? why, DateTimeOffset now)
    {
        if (by.Value.Length == 0)
            return new Refusal("by", "A person moves a policy.");
        if (why is { Length: > MaxWhyLength })
            return new Refusal("why", $"A note has at most {MaxWhyLength} characters.");
        if (Find(hash) is not { } version)
            return new Refusal("policy", "There is no such version: save the text first.");
        if (version.State == to)
            return new Refusal("to", $"Version {version.Number} is {Word(to)} already.");
        switch (to)
        {
            case PolicyState.Shadow or PolicyState.Live:
                if (version.BacktestedAt is not { } backtested)
                    return new Refusal("policy", $"Version {version.Number} was never run over history: back-test it first.");
                if (now - backtested > BacktestHolds)
                    return new Refusal("policy", $"The run of version {version.Number} over history is older than {BacktestHolds.TotalDays} days: back-test it again.");
                if (version.State == PolicyState.Live)
                    return new Refusal("to", "The live version does not go to shadow: put another version live.");
                break;
            case PolicyState.Retired when version.State != PolicyState.Shadow:
                return new Refusal("to", version.State == PolicyState.Live ? "The live version is retired by putting another one live." : $"Version {version.Number} is not in use.");
            case PolicyState.Retired:
                break;
            default:
                return new Refusal("to", "A version moves to shadow, live or retired.");
        }

        return new PolicyMovedEntry(hash, to, by, why);
    }

    /// <summary>Takes the next entry of the journal; entries about other things change nothing.</summary>
    public void Apply(JournalItem item)
    {
        switch (item.Entry)
        {
            case PolicySavedEntry saved when Find(saved.Hash) is null:
                _versions.Add(new PolicyVersion(
                    _versions.Count + 1, saved.Hash, saved.Text, saved.Schema, saved.By, item.AppendedAt, PolicyState.Saved, Backtest: null, BacktestedAt: null));
                break;
            case PolicyBacktestedEntry backtest:
                Change(backtest.Hash, version => version with
                {
                    Backtest = backtest,
                    BacktestedAt = item.AppendedAt,
                    State = version.State == PolicyState.Saved ? PolicyState.Backtested : version.State,
                });
                break;
            case PolicyMovedEntry moved when Find(moved.Hash) is not null:
                if (moved.To is PolicyState.Live or PolicyState.Shadow)
                {
                    foreach (var replaced in _versions.Where(version => version.State == moved.To).ToList())
                        Change(replaced.Hash, static version => version with { State = PolicyState.Retired });
                }

                Change(moved.Hash, version => version with { State = moved.To });
                break;
        }
    }

    private void Change(Bytes32 hash, Func<PolicyVersion, PolicyVersion> change)
    {
        var index = _versions.FindIndex(version => version.Hash.Equals(hash));
        if (index >= 0)
            _versions[index] = change(_versions[index]);
    }

    private static string Word(PolicyState state) => state switch
    {
        PolicyState.Shadow => "in shadow",
        PolicyState.Live => "live",
        PolicyState.Retired => "retired",
        _ => "saved",
    };
}
