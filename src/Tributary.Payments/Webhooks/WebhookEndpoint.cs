using System.Collections.Immutable;
using Tributary.Payments.Invoices;

namespace Tributary.Payments.Webhooks;

/// <summary>Where a store wants to hear of its events.</summary>
/// <param name="Id">Its name.</param>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Events of real money; otherwise of test objects.</param>
/// <param name="Url">The target.</param>
/// <param name="Kinds">The kinds of events; "*" for all.</param>
/// <param name="Description">For the merchant.</param>
/// <param name="CreatedAt">Events after this are sent.</param>
public sealed record WebhookEndpoint(
    string Id, string StoreId, bool IsLive, Uri Url, ImmutableArray<string> Kinds, string? Description, DateTimeOffset CreatedAt)
{
    /// <summary>An entry of the metadata: what failed is not tried again by itself.</summary>
    public const string TriedOnce = "tributary_tried_once";

    /// <summary>The store wants none for now: what happens meanwhile is not sent later.</summary>
    public bool IsDisabled { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>It hears of BTCPay's events, in BTCPay's form; otherwise of Stripe's in theirs.</summary>
    public bool IsGreenfield => Kinds.Any(InvoiceEventKinds.IsOne);

    /// <summary>Does it want events of this kind? All means all of its own dialect.</summary>
    public bool Wants(string kind) => !IsDisabled
        && (Kinds.Contains(InvoiceEventKinds.IsOne(kind) ? InvoiceEventKinds.Everything : "*", StringComparer.Ordinal) || Kinds.Contains(kind, StringComparer.Ordinal));
}
