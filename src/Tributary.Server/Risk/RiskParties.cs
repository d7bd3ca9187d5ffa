using System.Security.Cryptography;
using System.Text;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Privacy;
using Tributary.Payments.Risk;
using Tributary.Primitives.Results;

namespace Tributary.Server.Risk;

/// <summary>Who takes part in a payment, as pseudonyms.</summary>
/// <param name="Person">The customer, or a guest by e-mail address; none where the merchant named neither.</param>
/// <param name="Entities">What features count by. Customer and merchant stand for one currency each, so that means of amounts never mix two.</param>
internal readonly record struct RiskParties(Pseudonym Person, EntityKeys Entities)
{
    /// <summary>
    /// The pseudonyms of a question's parties. Stores and modes do not know of each other. What a customer uses is noted as theirs, so that it is
    /// exported and erased with them. Commit the keys before the payment is acknowledged.
    /// </summary>
    public static Result<RiskParties, Refusal> Of(SubjectKeys keys, RiskQuestion question)
    {
        var scope = Scope(question.StoreId, question.IsLive);
        var currency = question.Amount.Currency.Code;
        Identity? person = null;
        var personKey = default(Pseudonym);
        var entities = default(EntityKeys);
        var payer = question.CustomerId ?? (question.Clues.Email is { Length: > 0 } email ? GuestOf(email) : null);
        if (payer is { } customer
            && (!Identity.Create("customer", scope + customer).TryGet(out person, out var refusal) || !keys.PseudonymOf(person).TryGet(out personKey, out refusal)))
        {
            return refusal;
        }

        (EntityKind Kind, string Domain, string? Value)[] parties =
        [
            (EntityKind.Customer, "customer_currency", payer is null ? null : $"{payer}:{currency}"),
            (EntityKind.Card, "card", Instrument(question)),
            (EntityKind.Device, "device", question.Clues.Device),
            (EntityKind.Address, "address", question.Clues.IpAddress),
            (EntityKind.Merchant, "merchant_currency", currency),
        ];
        foreach (var (kind, domain, value) in parties)
        {
            if (string.IsNullOrEmpty(value))
                continue;
            if (!Identity.Create(domain, scope + value).TryGet(out var identity, out refusal) || !keys.PseudonymOf(identity).TryGet(out var pseudonym, out refusal))
                return refusal;
            entities[kind] = pseudonym;
            if (person is not null && kind != EntityKind.Merchant && keys.Link(person, identity) is { } full)
                return full;
        }

        return new RiskParties(personKey, entities);
    }

    /// <summary>A guest, whom the merchant knows by an e-mail address alone.</summary>
    public static string GuestOf(string email) => "email:" + email.Trim().ToLowerInvariant();

    /// <summary>An identity as <see cref="Of"/> makes it.</summary>
    public static Result<Identity, Refusal> IdentityOf(string domain, string storeId, bool isLive, string value) => Identity.Create(domain, Scope(storeId, isLive) + value);

    /// <summary>The number under which features keep a payment: it follows from the attempt's name.</summary>
    public static ulong NumberOf(string subjectId) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(subjectId)));

    private static string Scope(string storeId, bool isLive) => $"{storeId}{(isLive ? "" : ":test")}:";

    // One card is one instrument, however its number is spaced.
    private static string? Instrument(RiskQuestion question) =>
        question.Instrument?.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
}
