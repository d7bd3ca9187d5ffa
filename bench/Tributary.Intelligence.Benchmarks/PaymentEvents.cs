using Tributary.Intelligence.Features;
using Tributary.Intelligence.Generation;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>Generated commerce as events, in memory: 20,000 customers with their cards, devices, addresses, terminals and merchants.</summary>
internal static class PaymentEvents
{
    private const int Days = 60;
    private const long DayMs = 86_400_000;

    /// <param name="round">0 for the first sixty days; later rounds are the same payments sixty days later each, with other ids.</param>
    public static (PaymentEvent Payment, bool IsFraud)[] Create(int round = 0) =>
    [
        .. CommerceGenerator.Generate(new CommerceOptions { Customers = 20_000, Days = Days }).Select((payment, id) =>
        {
            var entities = default(EntityKeys);
            entities[EntityKind.Customer] = Pseudonym.OfNumber((ulong)payment.Customer);
            entities[EntityKind.Card] = Pseudonym.OfNumber((ulong)payment.Card);
            entities[EntityKind.Device] = Pseudonym.OfNumber((ulong)payment.Device);
            entities[EntityKind.Address] = Pseudonym.OfNumber((ulong)payment.Address);
            entities[EntityKind.Terminal] = Pseudonym.OfNumber((ulong)payment.Terminal);
            entities[EntityKind.Merchant] = Pseudonym.OfNumber((ulong)payment.Merchant);
            var converted = new PaymentEvent
            {
                Id = ((ulong)round << 32) + (ulong)id,
                TimeMs = (payment.TimeSeconds * 1_000) + (round * Days * DayMs),
                AmountMinor = payment.AmountMinor,
                Category = payment.Category,
                Place = GeoPoint.FromDegrees(payment.Latitude, payment.Longitude),
                Entities = entities,
            };
            return (converted, payment.Fraud != FraudKind.None);
        }),
    ];
}
