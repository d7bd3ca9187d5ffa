namespace Tributary.Intelligence.Features.Planning;

/// <summary>A list of the parties of another kind that an entity was seen with, the latest first.</summary>
/// <param name="Other">The other kind.</param>
/// <param name="Block">The place of the list's memory in a state; its length is the next place, its capacity the one after.</param>
internal readonly record struct RecencyPlan(EntityKind Other, int Block)
{
    public const int Length = 3;

    public int Count => Block + 1;

    public int Capacity => Block + 2;
}
