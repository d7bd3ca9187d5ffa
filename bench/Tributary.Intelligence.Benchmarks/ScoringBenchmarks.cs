using BenchmarkDotNet.Attributes;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>One row through 100 trees of 31 leaves over 15 features, each row another: score, the reference walk, and exact Shapley values.</summary>
[MemoryDiagnoser]
public class ScoringBenchmarks
{
    private const int RowCount = 4096;

    private float[][] _rows = null!;
    private GbdtModel _model = null!;
    private TreeTraversal _traversal = null!;
    private TreeExplainer _explainer = null!;
    private readonly double[] _contributions = new double[PaymentTable.Features];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        var (x, y) = PaymentTable.Create(268_000);
        _model = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 100 });
        _traversal = new TreeTraversal(_model.Trees);
        _explainer = new TreeExplainer(_model);
        _rows = PaymentTable.Rows(x, RowCount);
    }

    [Benchmark]
    public double Score() => _model.Score(_rows[_next++ & (RowCount - 1)]);

    [Benchmark]
    public double Walk() => _traversal.Sum(_rows[_next++ & (RowCount - 1)]);

    [Benchmark]
    public double Explain() => _explainer.Explain(_rows[_next++ & (RowCount - 1)], _contributions);
}
