using System.Collections.Immutable;

namespace Tributary.Payments.Search;

/// <summary>What of a kind of object can be searched.</summary>
/// <param name="Table">The table; it has <c>id, store_id, is_live, created_us</c>.</param>
/// <param name="MetadataTable">Its metadata by name and value.</param>
/// <param name="MetadataKey">That table's column for the object.</param>
/// <param name="Fields">The fields.</param>
/// <param name="Condition">What all that are found fulfil.</param>
public sealed record SearchTable(string Table, string MetadataTable, string MetadataKey, ImmutableArray<SearchField> Fields, string? Condition = null)
{
    /// <summary>The field that says what an amount is one of.</summary>
    public const string Currency = "currency";

    public static SearchTable Intents { get; } = new(
        "intents",
        "intent_metadata",
        "intent_id",
        [
            new("amount", "amount", IsAmount: true), new("created", "created_us", IsTime: true), new(Currency, "currency", IsIndexed: true), new("customer", "customer_id", IsIndexed: true), new("metadata", null),
            new("status", "status", IsIndexed: true),
        ]);

    /// <summary>Intents that have brought money.</summary>
    public static SearchTable Charges { get; } = new(
        "intents",
        "intent_metadata",
        "intent_id",
        [
            new("amount", "amount", IsAmount: true), new("created", "created_us", IsTime: true), new(Currency, "currency", IsIndexed: true), new("customer", "customer_id", IsIndexed: true), new("metadata", null),
        ],
        "status IN ('succeeded', 'requires_capture', 'processing')");

    public static SearchTable Customers { get; } = new(
        "customers",
        "customer_metadata",
        "customer_id",
        [new("email", "email", HasParts: true, IsIndexed: true), new("name", "name", HasParts: true), new("phone", "phone", HasParts: true), new("created", "created_us", IsTime: true), new("metadata", null)],
        "is_deleted = 0");

    /// <summary>A field by its name; null where there is none.</summary>
    public SearchField? Find(string name) => Fields.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.Ordinal));
}
