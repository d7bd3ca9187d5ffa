namespace Tributary.Intelligence.Features.Planning;

/// <summary>The amounts of a window, kept in order.</summary>
/// <param name="WindowMs">The length of the window.</param>
/// <param name="Block">The place of the memory in a state; then follow the sequence numbers of the oldest amount and of the next one, and the capacity.</param>
internal readonly record struct MedianPlan(long WindowMs, int Block)
{
    public const int Length = 4;

    public int Start => Block + 1;

    public int End => Block + 2;

    public int Capacity => Block + 3;
}
