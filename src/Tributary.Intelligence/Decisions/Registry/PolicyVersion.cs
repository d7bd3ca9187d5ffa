using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Decisions.Registry;

/// <summary>One version of a policy and where it is.</summary>
/// <param name="Number">1, 2, 3 … in the order of saving.</param>
/// <param name="Hash">SHA-256 of the text.</param>
/// <param name="Text">The text.</param>
/// <param name="Schema">The schema that it was checked against.</param>
/// <param name="SavedBy">Who saved it.</param>
/// <param name="SavedAt">When.</param>
/// <param name="State">Where it is.</param>
/// <param name="Backtest">The last run over history; null before the first.</param>
/// <param name="BacktestedAt">When that was.</param>
public sealed record PolicyVersion(
    int Number,
    Bytes32 Hash,
    string Text,
    Bytes32 Schema,
    StaffId SavedBy,
    DateTimeOffset SavedAt,
    PolicyState State,
    PolicyBacktestedEntry? Backtest,
    DateTimeOffset? BacktestedAt);
