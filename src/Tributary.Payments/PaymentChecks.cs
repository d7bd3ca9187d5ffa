using System.Collections.Immutable;
using Tributary.Payments.Errors;

namespace Tributary.Payments;

/// <summary>What is checked of several kinds of requests.</summary>
public static class PaymentChecks
{
    /// <summary>Bounds of metadata; null where all is well.</summary>
    public static PaymentError? Metadata(ImmutableSortedDictionary<string, string> metadata) =>
        metadata.Count > 50 || metadata.Any(static pair => pair.Key.Length is 0 or > 40 || pair.Value.Length > 500)
            ? PaymentError.Invalid("parameter_invalid", "metadata", "At most 50 keys of 40 characters with values of 500.")
            : null;
}
