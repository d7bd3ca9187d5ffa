using System.Collections.Immutable;
using Tributary.Intelligence.Features;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Privacy;

/// <summary>Turns the parties of a payment into what features see of them.</summary>
public static class PaymentIdentities
{
    private static readonly ImmutableArray<EntityKind> OfPersons = [EntityKind.Card, EntityKind.Device, EntityKind.Address];

    /// <summary>The domain of a kind: a card's pseudonym is the same in features, in facts and in lists.</summary>
    public static string DomainOf(EntityKind kind) => kind switch
    {
        EntityKind.Card => "card",
        EntityKind.Customer => "customer",
        EntityKind.Device => "device",
        EntityKind.Address => "address",
        EntityKind.Terminal => "terminal",
        EntityKind.Merchant => "merchant",
        EntityKind.Node => "node",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of entity."),
    };

    /// <summary>
    /// The pseudonyms of a payment's parties. Where the customer is known, the card, the device and the address are noted as theirs. Refused, with the
    /// domain: an identity that is none, or one more than is kept. Commit the keys before the payment is acknowledged.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="parties">The parties, each in one spelling; kinds that take no part are left out.</param>
    public static Result<EntityKeys, Refusal> Of(SubjectKeys keys, params ReadOnlySpan<(EntityKind Kind, string Value)> parties)
    {
        var entities = default(EntityKeys);
        var identities = new Identity?[EntityKeys.Count];
        foreach (var (kind, value) in parties)
        {
            if (identities[(int)kind] is not null)
                return new Refusal(DomainOf(kind), "A payment has one of each kind.");
            if (!Identity.Create(DomainOf(kind), value).TryGet(out var identity, out var refusal) || !keys.PseudonymOf(identity).TryGet(out var pseudonym, out refusal))
                return refusal;
            (identities[(int)kind], entities[kind]) = (identity, pseudonym);
        }

        if (identities[(int)EntityKind.Customer] is not { } customer)
            return entities;
        foreach (var kind in OfPersons)
        {
            if (identities[(int)kind] is { } owned && keys.Link(customer, owned) is { } refusal)
                return refusal;
        }

        return entities;
    }
}
