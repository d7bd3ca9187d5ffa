using System.Collections.Immutable;

namespace Tributary.Intelligence.Selection;

/// <summary>A nested cross-validation.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Folds">Every outer fold of every repetition.</param>
public sealed record NestedResult(string Table, int Rows, ImmutableArray<NestedFold> Folds)
{
    /// <summary>Repetitions.</summary>
    public int Repetitions => Folds.Max(fold => fold.Repetition) + 1;

    /// <summary>The mean over all outer folds.</summary>
    public double MeanRocAuc => Folds.Average(fold => fold.RocAuc);

    /// <summary>The standard error of the mean, from the spread of the folds within each repetition: how far another sample of rows would move it.</summary>
    public double StandardError => Folds.GroupBy(fold => fold.Repetition).Average(group => CandidateResult.StandardErrorOf([.. group.Select(fold => fold.RocAuc)]));

    /// <summary>The standard error from the spread of the repetitions' means alone: how far other folds of the same rows would move it.</summary>
    public double RepetitionError =>
        CandidateResult.StandardErrorOf([.. Folds.GroupBy(fold => fold.Repetition).Select(group => group.Average(fold => fold.RocAuc))]);

    /// <summary>In how many outer folds each family had the best single candidate.</summary>
    public ImmutableSortedDictionary<ModelFamily, int> BestSingleFamilies => Folds.GroupBy(fold => fold.BestSingleFamily).ToImmutableSortedDictionary(group => group.Key, group => group.Count());

    /// <summary>In how many outer folds each family was the plainest that is as good as any single one.</summary>
    public ImmutableSortedDictionary<ModelFamily, int> PlainestFamilies => Folds.GroupBy(fold => fold.PlainestFamily).ToImmutableSortedDictionary(group => group.Key, group => group.Count());

    /// <summary>In how many outer folds each family was chosen.</summary>
    public ImmutableSortedDictionary<ModelFamily, int> ChosenFamilies => Folds.GroupBy(fold => fold.ChosenFamily).ToImmutableSortedDictionary(group => group.Key, group => group.Count());
}
