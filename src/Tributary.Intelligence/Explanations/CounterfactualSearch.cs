using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>
/// Finds the nearest change of a feature that a person could change after which the score is below a threshold. Every claim is checked by scoring: the value
/// named, and where the text says "or less", the whole range below it. One change is preferred; when none is enough, several are combined.
/// For analysts; shown to a card tester it would be an oracle.
/// </summary>
public sealed class CounterfactualSearch
{
    private const int BisectionSteps = 60;

    private readonly IModel _model;
    private readonly ReasonWriter _writer;
    private readonly (int Feature, ActionableFeature Action)[] _actions;
    private readonly float[][] _cuts;

    /// <param name="model">Trees, a regression, or a blend or calibration of them.</param>
    /// <param name="writer">Speaks of features.</param>
    /// <param name="actions">What a person could change, the most natural first.</param>
    public CounterfactualSearch(IModel model, ReasonWriter writer, IEnumerable<ActionableFeature> actions)
    {
        _model = model;
        _writer = writer;
        _cuts = CutPoints.Of(model);
        _actions = [.. actions.Select(action => (model.Schema.IndexOf(action.Feature), action))];
        if (Array.Find(_actions, action => action.Feature < 0) is { Action: { } unknown })
            throw new ArgumentException($"The model has no feature '{unknown.Feature}'.", nameof(actions));
    }

    /// <summary>The first of one change, in the order of the actions, else the fewest together; null when none of them is enough.</summary>
    /// <param name="row">The row.</param>
    /// <param name="threshold">The score to stay below.</param>
    /// <param name="mostChanges">Changes at most.</param>
    public Counterfactual? Find(ReadOnlySpan<float> row, double threshold, int mostChanges = 2) =>
        FindSingles(row, threshold) is [var first, ..] ? first : FindCombined(row, threshold, mostChanges);

    /// <summary>For each action that is enough by itself, its nearest change.</summary>
    public ImmutableArray<Counterfactual> FindSingles(ReadOnlySpan<float> row, double threshold)
    {
        var found = ImmutableArray.CreateBuilder<Counterfactual>();
        var changed = row.ToArray();
        foreach (var (feature, action) in _actions)
        {
            if (Nearest(changed, feature, action, threshold) is not { } change)
                continue;
            changed[feature] = change.To;
            found.Add(new Counterfactual([change], _model.Score(changed), Sentence([change])));
            changed[feature] = row[feature];
        }

        return found.ToImmutable();
    }

    private Counterfactual? FindCombined(ReadOnlySpan<float> row, double threshold, int mostChanges)
    {
        // Take what helps most, then ask again what is enough; in the end draw each change back as far as the others allow.
        var changed = row.ToArray();
        var used = new List<(int Feature, ActionableFeature Action)>();
        var enough = false;
        while (!enough && used.Count < mostChanges)
        {
            var left = _actions.Except(used).Select(action => (action, Best: Lowest(changed, action.Feature, action.Action))).ToArray();
            if (left.Length == 0)
                return null;
            var (next, best) = left.MinBy(candidate => candidate.Best.Score);
            if (!(best.Score < _model.Score(changed)))
                return null;
            changed[next.Feature] = best.Value;
            used.Add(next);
            enough = best.Score < threshold;
        }

        if (!enough)
            return null;

        var changes = new CounterfactualChange?[used.Count];
        for (var i = 0; i < used.Count; i++)
        {
            var (feature, action) = used[i];
            var reached = changed[feature];
            changed[feature] = row[feature];
            changes[i] = Nearest(changed, feature, action, threshold);
            changed[feature] = changes[i]?.To ?? (_model.Score(changed) < threshold ? row[feature] : reached);
        }

        ImmutableArray<CounterfactualChange> needed = [.. changes.OfType<CounterfactualChange>()];
        return _model.Score(changed) < threshold && !needed.IsEmpty ? new Counterfactual(needed, _model.Score(changed), Sentence(needed)) : null;
    }

    /// <summary>The change of one feature nearest to its value that brings the score below the threshold; null when there is none.</summary>
    private CounterfactualChange? Nearest(float[] row, int feature, ActionableFeature action, double threshold)
    {
        var from = row[feature];
        if (_model.Schema.Kinds[feature] == FeatureKind.Categorical)
        {
            var passing = action.Categories.Where(code => code != from && At(row, feature, code) < threshold).ToArray();
            return passing.Length == 0 ? null : new CounterfactualChange(action.Feature, from, passing.MinBy(code => At(row, feature, code)), false);
        }

        if (float.IsNaN(from))
            return null;
        CounterfactualChange? best = null;
        foreach (var direction in new[] { -1, 1 })
        {
            if (action.Direction == (direction < 0 ? ActionDirection.Higher : ActionDirection.Lower))
                continue;
            if (NearestIn(row, feature, action, threshold, direction) is { } change && (best is null || Math.Abs(change.To - from) < Math.Abs(best.To - from)))
                best = change;
        }

        return best;
    }

    private CounterfactualChange? NearestIn(float[] row, int feature, ActionableFeature action, double threshold, int direction)
    {
        var from = row[feature];
        var cells = Cells(feature, action, from, direction);
        for (var i = 0; i < cells.Count; i++)
        {
            // Within a cell the score only rises or only falls: its ends say whether it passes somewhere.
            var (near, far) = cells[i];
            if (At(row, feature, near) < threshold)
                return Change(near, i);
            if (At(row, feature, far) < threshold)
                return Change(Crossing(row, feature, near, far, threshold), i);
        }

        return null;

        CounterfactualChange Change(float value, int cell)
        {
            var (_, far) = cells[cell];
            var to = Rounded(row, feature, value, At(row, feature, far) < threshold ? far : value, threshold);
            var orBeyond = cells.Skip(cell).All(rest => At(row, feature, rest.Far) < threshold && (rest == cells[cell] || At(row, feature, rest.Near) < threshold));
            return new CounterfactualChange(action.Feature, from, to, orBeyond);
        }
    }

    /// <summary>The stretches between cut points, from the feature's value on in one direction, each as its nearest and farthest value.</summary>
    private List<(float Near, float Far)> Cells(int feature, ActionableFeature action, float from, int direction)
    {
        var cells = new List<(float, float)>();
        var cuts = _cuts[feature];
        if (direction < 0)
        {
            var near = Math.Min(from, action.Greatest);
            for (var i = cuts.Length - 1; i >= -1 && near >= action.Least; i--)
            {
                // A cut point belongs to the cell below it.
                if (i >= 0 && cuts[i] >= near)
                    continue;
                var far = i < 0 ? action.Least : Math.Max(MathF.BitIncrement(cuts[i]), action.Least);
                cells.Add((near, Math.Min(far, near)));
                if (i < 0 || cuts[i] < action.Least)
                    break;
                near = cuts[i];
            }

            return cells;
        }

        var start = Math.Max(from, action.Least);
        for (var i = 0; i <= cuts.Length && start <= action.Greatest; i++)
        {
            if (i < cuts.Length && cuts[i] < start)
                continue;
            var far = i == cuts.Length ? action.Greatest : Math.Min(cuts[i], action.Greatest);
            cells.Add((start, Math.Max(far, start)));
            if (i == cuts.Length || cuts[i] >= action.Greatest)
                break;
            start = MathF.BitIncrement(cuts[i]);
        }

        return cells;
    }

    /// <summary>The value nearest to <paramref name="near"/>, which does not pass, that does pass, as <paramref name="far"/> does.</summary>
    private float Crossing(float[] row, int feature, float near, float far, double threshold)
    {
        var (fails, passes) = ((double)near, (double)far);
        for (var step = 0; step < BisectionSteps; step++)
        {
            var middle = (float)((fails + passes) / 2);
            if (middle == (float)fails || middle == (float)passes)
                break;
            if (At(row, feature, middle) < threshold)
                passes = middle;
            else
                fails = middle;
        }

        return (float)passes;
    }

    /// <summary>The number with the fewest digits between two values that both pass, not far from the first; it is scored before it is said.</summary>
    private float Rounded(float[] row, int feature, float value, float far, double threshold)
    {
        // Rounding may move by a tenth of the way to the far end at most, or by a twentieth of the value itself.
        var room = Math.Min(Math.Abs((double)far - value), Math.Max(Math.Abs((double)value) / 20, Math.Abs((double)far - value) / 10));
        var (low, high) = far < value ? (value - room, value) : ((double)value, value + room);
        for (var exponent = 9; exponent >= -6; exponent--)
        {
            foreach (var unit in new[] { 5, 2, 1 })
            {
                var step = unit * Math.Pow(10, exponent);
                var rounded = (float)((far < value ? Math.Floor(high / step) : Math.Ceiling(low / step)) * step);
                if (rounded >= low && rounded <= high && At(row, feature, rounded) < threshold)
                    return rounded;
            }
        }

        return value;
    }

    /// <summary>The value of one feature with the lowest score, among the ends of its cells.</summary>
    private (float Value, double Score) Lowest(float[] row, int feature, ActionableFeature action)
    {
        var values = new List<float>();
        if (_model.Schema.Kinds[feature] == FeatureKind.Categorical)
        {
            values.AddRange(action.Categories.Select(code => (float)code));
        }
        else if (!float.IsNaN(row[feature]))
        {
            foreach (var direction in new[] { -1, 1 })
            {
                if (action.Direction != (direction < 0 ? ActionDirection.Higher : ActionDirection.Lower))
                    values.AddRange(Cells(feature, action, row[feature], direction).SelectMany(cell => new[] { cell.Near, cell.Far }));
            }
        }

        var best = (Value: row[feature], Score: double.PositiveInfinity);
        foreach (var value in values)
        {
            var score = At(row, feature, value);
            if (score < best.Score)
                best = (value, score);
        }

        return best;
    }

    private double At(float[] row, int feature, float value)
    {
        var before = row[feature];
        row[feature] = value;
        var score = _model.Score(row);
        row[feature] = before;
        return score;
    }

    private string Sentence(ImmutableArray<CounterfactualChange> changes) =>
        "It would have passed if " + string.Join(" and ", changes.Select(change =>
        {
            var feature = _model.Schema.IndexOf(change.Feature);
            var title = _writer.Words(feature).Title;
            var beyond = !change.OrBeyond ? "" : change.To < change.From ? " or less" : " or more";
            return $"{char.ToLowerInvariant(title[0])}{title[1..]} had been {_writer.Say(feature, change.To)}{beyond}";
        })) + ".";
}
