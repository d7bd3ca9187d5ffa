using System.Collections.Immutable;

namespace Tributary.Payments.Intents;

/// <summary>What of an intent is to be changed; null leaves it as it is, an empty text takes it away.</summary>
public sealed record IntentEdit
{
    /// <summary>In the intent's minor units; only while nothing is offered or paid.</summary>
    public long? Amount { get; init; }

    public string? CustomerId { get; init; }

    public string? Description { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? StatementDescriptor { get; init; }

    public ImmutableSortedDictionary<string, string>? Shipping { get; init; }

    /// <summary>What becomes of the metadata.</summary>
    public Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> Merge { get; init; } = static known => known;
}
