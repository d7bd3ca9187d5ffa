using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Training;

/// <summary>
/// Fits a logistic regression by Newton's method (iteratively reweighted least squares) with halved steps; with an L1 penalty each step is solved
/// by coordinate descent (proximal Newton: Friedman, Hastie and Tibshirani, 2010). One thread and one order of sums: the same rows give the
/// same model.
/// </summary>
public static class LogisticTrainer
{
    /// <summary>Columns (values, knots, categories) of a regression at most: a step takes memory by their square.</summary>
    public const int MaxColumns = 4096;

    private const double Tolerance = 1e-10;

    /// <summary>Fits a model.</summary>
    /// <param name="x">The rows. Infinities count as the largest finite values; missing values have a coefficient of their own.</param>
    /// <param name="y">A label per row: 0 or 1.</param>
    /// <param name="options">How.</param>
    /// <param name="weights">A weight per row, finite and not negative; empty for 1 each.</param>
    /// <param name="cancellationToken">Ends the fit between steps.</param>
    public static LogisticModel Train(
        FeatureMatrix x, ReadOnlySpan<float> y, LogisticOptions options, ReadOnlySpan<float> weights = default, CancellationToken cancellationToken = default)
    {
        TrainingRows.Check(x, y, weights, isBinary: true);
        if (options is not { L2: >= 0 and < double.PositiveInfinity, L1: >= 0 and < double.PositiveInfinity, Knots: >= 0 and <= 255, MaxCategories: >= 1, MaxSteps: >= 1 })
            throw new ArgumentException("Penalties and knots are not negative, categories and steps are one or more.", nameof(options));
        var design = LogisticDesign.Create(x, options);
        if (design.ColumnCount > MaxColumns)
            throw new ArgumentException($"{design.ColumnCount} columns are more than {MaxColumns}: lower {nameof(options.MaxCategories)}.", nameof(options));

        var fit = new NewtonFit(design, y.ToArray(), weights.ToArray(), options);
        var coefficients = fit.Run(cancellationToken);
        return new LogisticModel(x.Schema, coefficients[0], design.ToTerms(coefficients));
    }

    private sealed class NewtonFit
    {
        private readonly LogisticOptions _options;
        private readonly float[] _labels;
        private readonly float[] _weights;
        private readonly int _columnCount;
        private readonly int[] _rowStarts;
        private readonly int[] _columns;
        private readonly double[] _values;
        private readonly double[] _gradient;
        private readonly double[] _hessian;
        private double[] _coefficients;

        public NewtonFit(LogisticDesign design, float[] labels, float[] weights, LogisticOptions options)
        {
            _options = options;
            _labels = labels;
            _weights = weights;
            _columnCount = design.ColumnCount;
            _rowStarts = new int[design.RowCount + 1];
            var capacity = checked(design.RowCount * design.MaxEntries);
            _columns = new int[capacity];
            _values = new double[capacity];
            for (var row = 0; row < design.RowCount; row++)
                _rowStarts[row + 1] = _rowStarts[row] + design.ReadRow(row, _columns.AsSpan(_rowStarts[row]), _values.AsSpan(_rowStarts[row]));
            _gradient = new double[_columnCount];
            _hessian = new double[_columnCount * _columnCount];
            _coefficients = new double[_columnCount];
        }

        public double[] Run(CancellationToken cancellationToken)
        {
            var loss = Loss(_coefficients);
            for (var step = 0; step < _options.MaxSteps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Derive();
                var direction = _options.L1 > 0 ? CoordinateDescent() : Solve();
                var size = 1.0;
                var (next, nextLoss) = Move(direction, size);
                while (nextLoss > loss && size > 1e-6)
                    (next, nextLoss) = Move(direction, size /= 2);
                if (!(nextLoss < loss))
                    break;
                var done = loss - nextLoss <= Tolerance * (Math.Abs(loss) + 1);
                (_coefficients, loss) = (next, nextLoss);
                if (done)
                    break;
            }

            return _coefficients;
        }

        private (double[] Coefficients, double Loss) Move(double[] direction, double size)
        {
            var moved = new double[_columnCount];
            for (var i = 0; i < moved.Length; i++)
                moved[i] = _coefficients[i] + (size * direction[i]);
            return (moved, Loss(moved));
        }

        private double Loss(double[] coefficients)
        {
            double sum = 0;
            for (var row = 0; row < _labels.Length; row++)
            {
                var raw = Raw(row, coefficients);
                var loss = Math.Max(raw, 0) + Math.Log(1 + Math.Exp(-Math.Abs(raw))) - (_labels[row] * raw);
                sum += _weights.Length > 0 ? _weights[row] * loss : loss;
            }

            for (var i = 1; i < coefficients.Length; i++)
                sum += (_options.L2 / 2 * coefficients[i] * coefficients[i]) + (_options.L1 * Math.Abs(coefficients[i]));
            return sum;
        }

        private double Raw(int row, double[] coefficients)
        {
            double raw = 0;
            for (var i = _rowStarts[row]; i < _rowStarts[row + 1]; i++)
                raw += _values[i] * coefficients[_columns[i]];
            return raw;
        }

        /// <summary>The gradient and the lower triangle of the hessian of the smooth part: the loss with its L2 penalty.</summary>
        private void Derive()
        {
            Array.Clear(_gradient);
            Array.Clear(_hessian);
            for (var row = 0; row < _labels.Length; row++)
            {
                var p = Logistic.Probability(Raw(row, _coefficients));
                var weight = _weights.Length > 0 ? _weights[row] : 1.0;
                var residual = weight * (p - _labels[row]);
                var curvature = weight * p * (1 - p);
                for (var i = _rowStarts[row]; i < _rowStarts[row + 1]; i++)
                {
                    _gradient[_columns[i]] += residual * _values[i];
                    var scaled = curvature * _values[i];
                    var target = _hessian.AsSpan(_columns[i] * _columnCount, _columnCount);
                    for (var j = _rowStarts[row]; j <= i; j++)
                        target[_columns[j]] += scaled * _values[j];
                }
            }

            // A trace on the diagonal keeps the system solvable when columns depend on each other and nothing is penalised.
            for (var i = 0; i < _columnCount; i++)
            {
                _gradient[i] += i == 0 ? 0 : _options.L2 * _coefficients[i];
                _hessian[(i * _columnCount) + i] += (i == 0 ? 0 : _options.L2) + 1e-9;
            }
        }

        /// <summary>−H⁻¹ g by Cholesky's factorisation in place.</summary>
        private double[] Solve()
        {
            var n = _columnCount;
            for (var i = 0; i < n; i++)
            {
                var rowI = _hessian.AsSpan(i * n, n);
                for (var j = 0; j <= i; j++)
                {
                    var rowJ = _hessian.AsSpan(j * n, n);
                    var sum = rowI[j];
                    for (var k = 0; k < j; k++)
                        sum -= rowI[k] * rowJ[k];
                    rowI[j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / rowJ[j];
                }
            }

            var direction = new double[n];
            for (var i = 0; i < n; i++)
            {
                var sum = -_gradient[i];
                for (var k = 0; k < i; k++)
                    sum -= _hessian[(i * n) + k] * direction[k];
                direction[i] = sum / _hessian[(i * n) + i];
            }

            for (var i = n - 1; i >= 0; i--)
            {
                var sum = direction[i];
                for (var k = i + 1; k < n; k++)
                    sum -= _hessian[(k * n) + i] * direction[k];
                direction[i] = sum / _hessian[(i * n) + i];
            }

            return direction;
        }

        /// <summary>The step that minimises the quadratic model plus the L1 penalty, coordinate after coordinate.</summary>
        private double[] CoordinateDescent()
        {
            var n = _columnCount;
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < i; j++)
                    _hessian[(j * n) + i] = _hessian[(i * n) + j];
            }

            var direction = new double[n];
            var slope = (double[])_gradient.Clone();
            for (var sweep = 0; sweep < 1000; sweep++)
            {
                double largest = 0;
                for (var i = 0; i < n; i++)
                {
                    var curvature = _hessian[(i * n) + i];
                    var here = _coefficients[i] + direction[i];
                    var target = here - (slope[i] / curvature);
                    var threshold = i == 0 ? 0 : _options.L1 / curvature;
                    var change = (Math.Sign(target) * Math.Max(0, Math.Abs(target) - threshold)) - here;
                    if (change == 0)
                        continue;
                    direction[i] += change;
                    largest = Math.Max(largest, Math.Abs(change) * Math.Sqrt(curvature));
                    var row = _hessian.AsSpan(i * n, n);
                    for (var j = 0; j < n; j++)
                        slope[j] += change * row[j];
                }

                if (largest < 1e-9)
                    break;
            }

            return direction;
        }
    }
}
