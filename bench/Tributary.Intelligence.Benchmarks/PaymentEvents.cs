using Tributary.Intelligence.Features;
using Tributary.Intelligence.Generation;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>Generated commerce as events, in memory: 20,000 customers with their cards, devices, addresses, terminals and merchants.</summary>
internal static class PaymentEvents
{
    public static (PaymentEvent Payment, bool IsFraud)[] Create(int customers = 20_000, int days = 60) =>
    [
        .. CommerceGenerator.Generate(new CommerceOptions { Customers = customers, Days = days }).Select(static (payment, id) =>
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
                Id = (ulong)id,
                TimeMs = payment.TimeSeconds * 1_000,
                AmountMinor = payment.AmountMinor,
                Category = payment.Category,
                Place = GeoPoint.FromDegrees(payment.Latitude, payment.Longitude),
                Entities = entities,
            };
            return (converted, payment.Fraud != FraudKind.None);
        }),
    ];
}
