using Tributary.Intelligence.Journal.Entries;

namespace Tributary.Intelligence.Journal;

/// <summary>One record as it was read.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="AppendedAt">When it was appended, to the microsecond.</param>
/// <param name="Entry">What it holds.</param>
public sealed record JournalItem(Sequence Sequence, DateTimeOffset AppendedAt, JournalEntry Entry);
