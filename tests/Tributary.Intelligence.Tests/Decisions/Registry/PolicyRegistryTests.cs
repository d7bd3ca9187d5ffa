using Tributary.Intelligence.Decisions.Registry;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Policy;

namespace Tributary.Intelligence.Tests.Decisions.Registry;

public sealed class PolicyRegistryTests
{
    private readonly PolicyRegistry _registry = new();
    private readonly List<JournalItem> _journal = [];
    private DateTimeOffset _now = Samples.Time;

    [Fact]
    public void Only_a_version_that_was_run_over_history_goes_live()
    {
        var first = Save("otherwise allow");
        Assert.Contains("back-test", _registry.Move(first.Hash, PolicyState.Live, Samples.Anna, why: null, _now).Error.Reason, StringComparison.Ordinal);
        Assert.Contains("back-test", _registry.Move(first.Hash, PolicyState.Shadow, Samples.Anna, why: null, _now).Error.Reason, StringComparison.Ordinal);
        Backtest(first);
        Move(first, PolicyState.Live);
        Assert.Equal(first.Hash, _registry.Live!.Hash);
    }

    [Fact]
    public void A_run_that_is_too_old_does_not_count()
    {
        var first = Save("otherwise allow");
        Backtest(first);
        _now += TimeSpan.FromDays(31);
        Assert.Contains("older", _registry.Move(first.Hash, PolicyState.Live, Samples.Anna, why: null, _now).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Going_live_retires_the_version_before_which_can_come_back()
    {
        var (first, second) = (Save("otherwise allow"), Save("otherwise review"));
        Backtest(first);
        Backtest(second);
        Move(first, PolicyState.Live);
        Move(second, PolicyState.Shadow);
        Assert.Equal((first.Hash, second.Hash), (_registry.Live!.Hash, _registry.Shadow!.Hash));
        Move(second, PolicyState.Live);
        Assert.Equal((PolicyState.Retired, PolicyState.Live), (_registry.Find(first.Hash)!.State, _registry.Find(second.Hash)!.State));
        Assert.Null(_registry.Shadow);
        Move(first, PolicyState.Live);
        Assert.Equal(PolicyState.Retired, _registry.Find(second.Hash)!.State);
    }

    [Fact]
    public void The_live_version_cannot_be_taken_away_and_needs_a_person_to_move()
    {
        var first = Save("otherwise allow");
        Backtest(first);
        Move(first, PolicyState.Live);
        Assert.False(_registry.Move(first.Hash, PolicyState.Retired, Samples.Anna, why: null, _now).IsOk);
        Assert.False(_registry.Move(first.Hash, PolicyState.Shadow, Samples.Anna, why: null, _now).IsOk);
        Assert.False(_registry.Move(first.Hash, PolicyState.Live, Samples.Anna, why: null, _now).IsOk);
        Assert.False(_registry.Move(first.Hash, PolicyState.Saved, Samples.Anna, why: null, _now).IsOk);
        Assert.Equal("by", _registry.Move(first.Hash, PolicyState.Retired, default, why: null, _now).Error.Field);
        Assert.Equal("policy", _registry.Move(Samples.Hash(9), PolicyState.Live, Samples.Anna, why: null, _now).Error.Field);
        Assert.Equal("why", _registry.Move(first.Hash, PolicyState.Live, Samples.Anna, new string('x', 501), _now).Error.Field);
    }

    [Fact]
    public void A_text_that_was_saved_before_is_the_same_version_and_a_wrong_one_is_none()
    {
        Save("otherwise allow");
        Assert.Null(_registry.Save("otherwise allow", Shop.Schema, Samples.Anna).Value.Entry);
        Assert.False(_registry.Save("block if :nope:", Shop.Schema, Samples.Anna).IsOk);
        Assert.Single(_registry.Versions);
        Save("otherwise block");
        Assert.Equal([1, 2], _registry.Versions.Select(version => version.Number));
    }

    [Fact]
    public void The_journal_rebuilds_the_registry()
    {
        var (first, second) = (Save("otherwise allow"), Save("otherwise review"));
        Backtest(first);
        Move(first, PolicyState.Live);
        Backtest(second);
        Move(second, PolicyState.Shadow);
        var rebuilt = new PolicyRegistry();
        foreach (var item in _journal)
            rebuilt.Apply(item);
        Assert.Equal(_registry.Versions, rebuilt.Versions);
    }

    private CompiledPolicy Save(string text)
    {
        var saved = _registry.Save(text, Shop.Schema, Samples.Anna).Value;
        Apply(saved.Entry!);
        return saved.Policy;
    }

    private void Backtest(CompiledPolicy policy) => Apply(new PolicyBacktestedEntry(policy.Hash, 10, 10, 0, 0, 0, Samples.Anna));

    private void Move(CompiledPolicy policy, PolicyState to) => Apply(_registry.Move(policy.Hash, to, Samples.Anna, "because", _now).Value);

    private void Apply(JournalEntry entry)
    {
        var item = new JournalItem(new Sequence((ulong)_journal.Count + 1), _now, entry);
        _journal.Add(item);
        _registry.Apply(item);
    }
}
