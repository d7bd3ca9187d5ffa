using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Drift;

/// <summary>
/// A champion that decides and a challenger that watches, over one schema. The pair is swapped as a whole, so a row never meets half a change; a
/// challenger's failure never reaches the payment.
/// </summary>
public sealed class ShadowScorer
{
    private Pair _pair;

    /// <param name="champion">The model that decides.</param>
    /// <param name="challenger">The model that watches, or null.</param>
    public ShadowScorer(IModel champion, IModel? challenger = null) => _pair = Check(champion, challenger);

    /// <summary>The model that decides.</summary>
    public IModel Champion => Volatile.Read(ref _pair).Champion;

    /// <summary>The model that watches, or null.</summary>
    public IModel? Challenger => Volatile.Read(ref _pair).Challenger;

    /// <summary>Challenger failures since the last change of models.</summary>
    public long ChallengerFailures => Volatile.Read(ref _pair.Failures);

    /// <summary>Scores a row by both.</summary>
    public ShadowScores Score(ReadOnlySpan<float> row)
    {
        var pair = Volatile.Read(ref _pair);
        var champion = pair.Champion.Score(row);
        if (pair.Challenger is not { } challenger)
            return new ShadowScores(champion, double.NaN);
        try
        {
            return new ShadowScores(champion, challenger.Score(row));
        }
#pragma warning disable CA1031 // Whatever a challenger does, the champion's score stands.
        catch (Exception)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref pair.Failures);
            return new ShadowScores(champion, double.NaN);
        }
    }

    /// <summary>Sets another challenger, or none.</summary>
    public void Challenge(IModel? challenger) => Volatile.Write(ref _pair, Check(Champion, challenger));

    /// <summary>Makes the challenger the champion; the champion watches from then on, so that a promotion can be taken back.</summary>
    public void Promote()
    {
        var pair = Volatile.Read(ref _pair);
        if (pair.Challenger is not { } challenger)
            throw new InvalidOperationException("There is no challenger to promote.");
        Volatile.Write(ref _pair, new Pair(challenger, pair.Champion));
    }

    private static Pair Check(IModel champion, IModel? challenger) =>
        challenger is null || challenger.Schema.Equals(champion.Schema)
            ? new Pair(champion, challenger)
            : throw new ArgumentException("The challenger has another schema than the champion.", nameof(challenger));

    private sealed class Pair(IModel champion, IModel? challenger)
    {
        public long Failures;

        public IModel Champion { get; } = champion;

        public IModel? Challenger { get; } = challenger;
    }
}
