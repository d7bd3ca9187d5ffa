using System.Collections.Immutable;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Tabular;

namespace Tributary.Intelligence.Selection;

/// <summary>
/// How good a selection is on rows that it has not seen: each outer fold is judged by a model that was chosen and trained inside the other folds alone.
/// Outer folds are <see cref="StratifiedFolds"/> with seeds 42, 43, …, one for each repetition.
/// </summary>
public static class NestedCrossValidation
{
    /// <summary>The seed of the first repetition's folds.</summary>
    public const long FirstSeed = 42;

    /// <summary>Runs the protocol.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="options">How a model is chosen in each outer training set.</param>
    /// <param name="folds">Outer folds.</param>
    /// <param name="repetitions">Repetitions of the outer folds.</param>
    /// <param name="progress">Told each outer fold's result as it comes.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static NestedResult Run(
        TabularTable table,
        SelectionOptions options,
        int folds = 5,
        int repetitions = 10,
        IProgress<NestedFold>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        var results = ImmutableArray.CreateBuilder<NestedFold>(folds * repetitions);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var outer = new StratifiedFolds(table.Y, folds, FirstSeed + repetition);
            for (var fold = 0; fold < folds; fold++)
            {
                var train = outer.Train(fold);
                var selection = ModelSelection.Select(
                    table.X.Select(train), Array.ConvertAll(train, row => table.Y[row]), options, cancellationToken: cancellationToken);
                var test = outer.Test(fold);
                var scores = Score(selection.Model, table, test);
                var labels = Array.ConvertAll(test, row => table.Y[row]);
                var outcomes = new RankedOutcomes(scores, labels);
                var result = new NestedFold(
                    repetition,
                    fold,
                    selection.Chosen.Family == ModelFamily.Blend
                        ? string.Join(" + ", selection.Chosen.Parts.Select(part => $"{part.Weight:0.##} {part.Name}"))
                        : selection.Chosen.Name,
                    selection.Chosen.Family,
                    selection.Candidates.First(static candidate => candidate.Family != ModelFamily.Blend).Family,
                    selection.Plainest.Family,
                    outcomes.RocAuc(),
                    outcomes.AveragePrecision(),
                    ProbabilityMetrics.LogLoss(scores, labels),
                    ProbabilityMetrics.BrierScore(scores, labels));
                results.Add(result);
                progress?.Report(result);
            }
        }

        return new NestedResult(table.Name, table.Y.Length, results.ToImmutable());
    }

    private static double[] Score(Models.IModel model, TabularTable table, int[] rows)
    {
        var scores = new double[rows.Length];
        var values = new float[table.X.Schema.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            table.X.CopyRow(rows[i], values);
            scores[i] = model.Score(values);
        }

        return scores;
    }
}
