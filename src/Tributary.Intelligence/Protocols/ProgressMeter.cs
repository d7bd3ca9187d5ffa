namespace Tributary.Intelligence.Protocols;

/// <summary>Turns the progress of stages into that of the whole, with the time left.</summary>
internal sealed class ProgressMeter(IProgress<ProtocolProgress>? progress, TimeProvider time)
{
    private const double LeastShare = 0.03;

    private readonly long _started = time.GetTimestamp();
    private double _done;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Reports a share of a stage that is itself a share of the whole.</summary>
    public void Report(string stage, double stageShare, double shareOfStage)
    {
        var share = Math.Clamp(_done + (stageShare * Math.Clamp(shareOfStage, 0, 1)), 0, 1);
        TimeSpan? left = share >= LeastShare ? Elapsed * ((1 - share) / share) : null;
        progress?.Report(new ProtocolProgress(stage, share, left));
    }

    /// <summary>A stage is done.</summary>
    public void Finish(string stage, double stageShare)
    {
        _done += stageShare;
        Report(stage, 0, 0);
    }
}
