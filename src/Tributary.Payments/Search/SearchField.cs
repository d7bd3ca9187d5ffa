namespace Tributary.Payments.Search;

/// <summary>A field that a search may ask for.</summary>
/// <param name="Name">As queries name it; "metadata" takes a key in brackets.</param>
/// <param name="Column">The column, which the program itself wrote; null for metadata.</param>
/// <param name="IsTime">A number of seconds that the column keeps in microseconds: it may be compared.</param>
/// <param name="HasParts">A text of which a part may be asked for, with <c>~</c>.</param>
/// <param name="IsIndexed">An index of the table names the objects that have a value.</param>
/// <param name="IsAmount">A number of minor units: it may be compared, and an index names objects by their currency and it.</param>
public sealed record SearchField(string Name, string? Column, bool IsTime = false, bool HasParts = false, bool IsIndexed = false, bool IsAmount = false)
{
    /// <summary>Asked for by a number.</summary>
    public bool IsNumber => IsTime || IsAmount;
}
