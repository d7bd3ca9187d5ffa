namespace Tributary.Intelligence.Features;

/// <summary>What the store had to decide about a payment by itself; goes into the journal with the features.</summary>
[Flags]
public enum ObservationNotes
{
    None = 0,

    /// <summary>The payment's time lay before that of an earlier one and was moved up to it: a history never runs backwards.</summary>
    TimeMovedForward = 1,

    /// <summary>The table of a kind was full and the entity idle the longest (of a sample) was forgotten.</summary>
    EntityForgotten = 2,

    /// <summary>A history's memory was used up: its older part was made coarser, or an idle one's was dropped.</summary>
    HistoryReduced = 4,
}
