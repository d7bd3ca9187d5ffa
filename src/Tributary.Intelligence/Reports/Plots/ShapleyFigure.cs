using System.Collections.Immutable;
using System.Globalization;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Reports.Plots;

/// <summary>What the features do to scores: a dot for each payment of a sample, placed by its Shapley value, shaded by the feature's value.</summary>
internal static class ShapleyFigure
{
    private const int MostFeatures = 12;
    private const int MostRowsOfClass = 150;
    private const int Shades = 5;
    private const int DotsAcross = 70;
    private const double LaneHeight = 26;

    /// <summary>Draws the figure.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">The rows.</param>
    /// <param name="labels">A label per row.</param>
    public static Figure Create(IModel model, FeatureMatrix features, ReadOnlySpan<float> labels)
    {
        const string Title = "What moves the score";
        var rows = Sample(labels);
        var contributions = Explain(model, features, rows);
        var strength = Enumerable.Range(0, features.Schema.Count).Select(feature => contributions.Average(row => Math.Abs(row[feature]))).ToArray();
        var order = Enumerable.Range(0, strength.Length).OrderByDescending(feature => strength[feature]).Take(MostFeatures).Where(feature => strength[feature] > 0).ToArray();
        var caption = $"Shapley values of {rows.Count} payments tested, frauds and good ones alike: to the right of the line a feature raises the score, to the left it lowers it. "
            + (order.Length > 0 ? $"{Words(features.Schema.Names[order[0]])} moves it most." : "No feature moves it.");
        var all = contributions.SelectMany(row => order.Select(feature => row[feature])).DefaultIfEmpty().ToArray();
        var (least, greatest) = (Math.Min(-0.5, all.Min()), Math.Max(0.5, all.Max()));
        var plot = new SvgPlot(
            Axis.Linear("Added to the score (log-odds)", least, greatest),
            Axis.Linear("", 0, Math.Max(1, order.Length)),
            height: 70 + (LaneHeight * Math.Max(1, order.Length)),
            left: 172,
            drawsYMarks: false).Upright(0, "zero");
        for (var lane = 0; lane < order.Length; lane++)
            DrawLane(plot, order[lane], order.Length - lane - 0.5, features, rows, contributions, least, greatest);
        return new Figure("shapley", Title, caption, plot.ToSvg("shapley", Title, caption), ["Feature", "Mean size", "Mean with fraud", "Mean without"],
        [
            .. order.Select(feature => ImmutableArray.Create(
                features.Schema.Names[feature],
                F(strength[feature]),
                F(MeanOf(feature, fraud: true)),
                F(MeanOf(feature, fraud: false)))),
        ]);

        double MeanOf(int feature, bool fraud)
        {
            double sum = 0;
            var count = 0;
            for (var i = 0; i < rows.Count; i++)
            {
                if (rows[i].IsFraud != fraud)
                    continue;
                sum += contributions[i][feature];
                count++;
            }

            return count == 0 ? 0 : sum / count;
        }
    }

    private static void DrawLane(
        SvgPlot plot, int feature, double lane, FeatureMatrix features, List<(int Row, bool IsFraud)> rows, double[][] contributions, double least, double greatest)
    {
        plot.Note(least, lane, Words(features.Schema.Names[feature]), "end", right: -6, down: 4);
        var column = features.Column(feature);
        var values = rows.ConvertAll(row => features.Column(feature)[row.Row]);
        var sorted = values.Where(static value => !float.IsNaN(value)).Order().ToArray();
        var crowd = new Dictionary<int, int>();
        for (var i = 0; i < rows.Count; i++)
        {
            // Dots of one place pile up around the middle of the lane.
            var place = (int)Math.Round((contributions[i][feature] - least) / (greatest - least) * DotsAcross);
            var pile = crowd[place] = crowd.GetValueOrDefault(place) + 1;
            var shift = Math.Min(10, pile / 2 * 1.6) * (pile % 2 == 0 ? 1 : -1);
            plot.Dot(contributions[i][feature], lane, Shade(column[rows[i].Row], sorted), 2.2, shift);
        }
    }

    private static string Shade(float value, float[] sorted)
    {
        if (float.IsNaN(value) || sorted.Length == 0)
            return "missing";
        var below = sorted.Count(other => other < value);
        var equal = sorted.Count(other => other == value);
        return $"v{Math.Min(Shades - 1, (int)((below + (equal / 2.0)) / sorted.Length * Shades))}";
    }

    private static double[][] Explain(IModel model, FeatureMatrix features, List<(int Row, bool IsFraud)> rows)
    {
        var explainer = Explainer.For(model);
        var buffer = new float[features.Schema.Count];
        return [.. rows.Select(row =>
        {
            features.CopyRow(row.Row, buffer);
            var contributions = new double[buffer.Length];
            explainer.Explain(buffer, contributions);
            return contributions;
        })];
    }

    /// <summary>Rows of both classes, evenly over time.</summary>
    private static List<(int Row, bool IsFraud)> Sample(ReadOnlySpan<float> labels)
    {
        var classes = new[] { new List<int>(), new List<int>() };
        for (var row = 0; row < labels.Length; row++)
            classes[labels[row] == 1 ? 1 : 0].Add(row);
        var rows = new List<(int Row, bool IsFraud)>();
        for (var label = 0; label < classes.Length; label++)
        {
            var count = Math.Min(MostRowsOfClass, classes[label].Count);
            for (var i = 0; i < count; i++)
                rows.Add((classes[label][(int)((long)i * classes[label].Count / count)], label == 1));
        }

        return rows;
    }

    private static string Words(string name)
    {
        var words = FeatureWords.FromName(name).Title;
        return words.Length <= 26 ? words : words[..25] + "…";
    }

    private static string F(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
