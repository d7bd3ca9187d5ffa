namespace Tributary.Lightning.Peers;

/// <summary>A clock that does not go back, from some start.</summary>
internal sealed class PeerClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    internal TimeProvider Time => time;

    internal TimeSpan Now => time.GetElapsedTime(_start);
}
