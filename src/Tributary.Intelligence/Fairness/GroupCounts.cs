using System.Collections.Immutable;
using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Fairness;

/// <summary>What is counted of one group.</summary>
internal sealed class GroupCounts(int bins)
{
    /// <summary>Set in a cell of positives.</summary>
    public const int Positive = 1;

    /// <summary>Set in a cell of selected rows.</summary>
    public const int Selected = 2;

    private readonly long[] _cells = new long[4];
    private readonly long[] _binRows = new long[bins];
    private readonly long[] _binPositives = new long[bins];
    private readonly double[] _binScores = new double[bins];
    private double _squares;

    public long TruePositives => _cells[Positive + Selected];

    public long FalsePositives => _cells[Selected];

    public long FalseNegatives => _cells[Positive];

    public long TrueNegatives => _cells[0];

    public long Rows => TruePositives + FalsePositives + FalseNegatives + TrueNegatives;

    public long Positives => TruePositives + FalseNegatives;

    public long Negatives => FalsePositives + TrueNegatives;

    public long SelectedRows => TruePositives + FalsePositives;

    public double SelectionRate => Share(SelectedRows, Rows);

    public double TruePositiveRate => Share(TruePositives, Positives);

    public double FalsePositiveRate => Share(FalsePositives, Negatives);

    public double Precision => Share(TruePositives, SelectedRows);

    /// <summary>Mean score less share of positives.</summary>
    public double CalibrationGap => Share(_binScores.Sum() - Positives, Rows);

    /// <summary>The variance of score less label among the rows.</summary>
    public double GapVariance => Math.Max(0, Share(_squares, Rows) - (CalibrationGap * CalibrationGap));

    public double CalibrationError
    {
        get
        {
            double error = 0;
            for (var bin = 0; bin < _binRows.Length; bin++)
                error += Math.Abs(_binScores[bin] - _binPositives[bin]);
            return Share(error, Rows);
        }
    }

    public ImmutableArray<CalibrationBin> CalibrationBins =>
        [.. Enumerable.Range(0, _binRows.Length).Where(bin => _binRows[bin] > 0).Select(bin => new CalibrationBin(
            (int)_binRows[bin], double.NaN, double.NaN, _binScores[bin] / _binRows[bin], (double)_binPositives[bin] / _binRows[bin]))];

    public void Add(int cell, int bin, double score, int times)
    {
        _cells[cell] += times;
        _binRows[bin] += times;
        _binScores[bin] += score * times;
        var label = (cell & Positive) != 0 ? 1 : 0;
        _binPositives[bin] += label * times;
        _squares += (score - label) * (score - label) * times;
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : double.NaN;
}
