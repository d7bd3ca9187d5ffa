namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>What is known of one segment: its cells, in the order in which their arms were first seen there, and its level.</summary>
internal sealed class SegmentState(BanditSettings settings)
{
    private readonly SegmentCell?[] _byArm = new SegmentCell?[settings.MaxArms];

    /// <summary>The cells.</summary>
    public List<(int Arm, SegmentCell Cell)> Cells { get; } = [];

    /// <summary>How far the segment lies from what its arms reach elsewhere, in log-odds, per half-life and pooling strength.</summary>
    public double[] Offsets { get; } = new double[settings.HalfLifeTicks.Length * settings.PoolingStrengths.Length];

    /// <summary>When that was found out.</summary>
    public double OffsetTick { get; set; } = double.NaN;

    /// <summary>The cell of an arm.</summary>
    public SegmentCell Cell(int arm, BanditSettings settings, double tick)
    {
        if (_byArm[arm] is { } known)
            return known;
        var cell = _byArm[arm] = new SegmentCell(settings, tick);
        Cells.Add((arm, cell));
        return cell;
    }
}
