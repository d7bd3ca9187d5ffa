using System.Buffers.Binary;
using Tributary.Primitives.Contracts;

namespace Tributary.Intelligence.Ranking.Sampling;

/// <summary>
/// Random numbers of the usual distributions from a source of bytes, drawn through a small buffer. One owner at a time;
/// the draws depend on the bytes alone, so a seeded source replays them.
/// </summary>
public sealed class Variates(IEntropy entropy)
{
    private readonly byte[] _buffer = new byte[512];
    private int _used = 512;
    private double _spareNormal;
    private bool _hasSpareNormal;

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        if (_used == _buffer.Length)
        {
            entropy.Fill(_buffer);
            _used = 0;
        }

        var value = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(_used));
        _used += sizeof(ulong);
        return value;
    }

    /// <summary>Uniform on [0, 1), in steps of 2⁻⁵³.</summary>
    public double NextUniform() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on 0 … <paramref name="count"/> − 1 (Lemire's multiply and shift; the bias is below 2⁻³² for any int).</summary>
    public int NextIndex(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)Math.BigMul(NextUInt64(), (ulong)count, out _);
    }

    /// <summary>Exponential with mean one.</summary>
    public double NextExponential() => -Math.Log(1 - NextUniform());

    /// <summary>Standard normal (Marsaglia's polar method).</summary>
    public double NextNormal()
    {
        if (_hasSpareNormal)
        {
            _hasSpareNormal = false;
            return _spareNormal;
        }

        while (true)
        {
            var x = (2 * NextUniform()) - 1;
            var y = (2 * NextUniform()) - 1;
            var square = (x * x) + (y * y);
            if (square is >= 1 or 0)
                continue;
            var scale = Math.Sqrt(-2 * Math.Log(square) / square);
            _spareNormal = y * scale;
            _hasSpareNormal = true;
            return x * scale;
        }
    }

    /// <summary>Gamma with the given shape (&gt; 0) and scale one (Marsaglia and Tsang, 2000; below shape one by their boost).</summary>
    public double NextGamma(double shape)
    {
        if (shape < 1)
            return NextGamma(shape + 1) * Math.Pow(1 - NextUniform(), 1 / shape);

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NextNormal();
            var v = 1 + (c * x);
            if (v <= 0)
                continue;
            v = v * v * v;
            var u = 1 - NextUniform();
            if (Math.Log(u) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    /// <summary>Beta with the given shapes (&gt; 0).</summary>
    public double NextBeta(double a, double b)
    {
        var x = NextGamma(a);
        var y = NextGamma(b);
        var sum = x + y;

        // Both draws underflow only for shapes near zero, where the distribution is two points.
        return sum > 0 ? x / sum : NextUniform() * (a + b) < a ? 1 : 0;
    }
}
