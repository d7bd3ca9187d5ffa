using Tributary.Intelligence.Data;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Selection;

/// <summary>The rows of a cross-validation, and their bins, which candidates share.</summary>
internal sealed class CrossFitRows(FeatureMatrix x, float[] y) : IDisposable
{
    private readonly Dictionary<int, BinnedMatrix> _binned = [];

    public FeatureMatrix X => x;

    public float[] Y => y;

    /// <summary>The bins of all rows. Bins know nothing of labels, so a fold may use those of its held-out rows too.</summary>
    public BinnedMatrix Binned(int maxBins, int threads)
    {
        lock (_binned)
        {
            if (!_binned.TryGetValue(maxBins, out var matrix))
                _binned.Add(maxBins, matrix = BinnedMatrix.Create(x, maxBins, threads));
            return matrix;
        }
    }

    public void Dispose()
    {
        foreach (var matrix in _binned.Values)
            matrix.Dispose();
    }
}
