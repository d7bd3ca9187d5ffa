using System.Diagnostics.CodeAnalysis;
using Tributary.Intelligence.Journal.Entries;

namespace Tributary.Intelligence.Journal;

/// <summary>
/// A person of the merchant's staff, as the server knows them after they signed in. Only a person has one: an automated process that decides a
/// contest would be the very thing that GDPR article 22 lets a payer object to.
/// </summary>
public readonly record struct StaffId
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 64;

    private readonly string? _value;

    private StaffId(string value) => _value = value;

    /// <summary>The id; empty for the default value, which is nobody.</summary>
    public string Value => _value ?? "";

    /// <summary>Takes 1 to 64 letters, digits and <c>_ - . @</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StaffId id)
    {
        var isId = text is { Length: > 0 and <= MaxLength } && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@');
        id = isId ? new StaffId(text!) : default;
        return isId;
    }

    public override string ToString() => Value;

    internal static StaffId Read(ref EntryReader reader) => TryParse(reader.Text(), out var id) ? id : reader.Fail<StaffId>();
}
