using Tributary.Primitives.Results;

namespace Tributary.Storage.Errors;

/// <summary>Why stored data cannot be opened, and where the reason lies.</summary>
/// <param name="Kind">What to do about it depends on this.</param>
/// <param name="File">The file at fault, with its folder.</param>
/// <param name="Offset">The byte at fault; null where it is not one place.</param>
/// <param name="Reason">In words.</param>
public sealed record StorageError(StorageErrorKind Kind, string File, long? Offset, string Reason)
{
    /// <summary>The same for a boundary that speaks in refusals.</summary>
    /// <param name="field">What the data is to the user ("wallet").</param>
    public Refusal ToRefusal(string field) => new(field, Offset is { } offset ? $"{Reason} ({File}, byte {offset})" : $"{Reason} ({File})");

    public override string ToString() => Offset is { } offset ? $"{Kind}: {File} at byte {offset}: {Reason}" : $"{Kind}: {File}: {Reason}";
}
