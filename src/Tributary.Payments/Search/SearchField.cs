using System.Collections.Immutable;

namespace Tributary.Payments.Search;

/// <summary>A field that a search may ask for.</summary>
/// <param name="Name">As queries name it; "metadata" takes a key in brackets.</param>
/// <param name="Column">The column, which the program itself wrote; null for metadata and for what has a way in the document.</param>
/// <param name="IsTime">A number of seconds that the column keeps in microseconds: it may be compared.</param>
/// <param name="HasParts">A text of which a part may be asked for, with <c>~</c>.</param>
public sealed record SearchField(string Name, string? Column, bool IsTime = false, bool HasParts = false)
{
    /// <summary>For what has no column: the way to it in the stored document.</summary>
    public ImmutableArray<string>? Path { get; init; }

    /// <summary>A whole number: it may be compared.</summary>
    public bool IsNumber { get; init; }

    /// <summary>A key in brackets comes after the name.</summary>
    public bool IsMetadata => Column is null && Path is null;
}
